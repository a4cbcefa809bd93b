import { expect, test } from 'vitest';
import { compareVersions, versionOf } from '../../../harness/changelog/versions.ts';

test('versions are ordered as semver orders them, what is not released last', () => {
  const ordered = ['0.9', '1.0.0-alpha', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0', '1.0.1', '1.2', '1.10.0', '3.0.0-ea.1', '3.0.0', 'Unreleased']; // prettier-ignore
  expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  expect(['v1.2.3', '1.2', 'unreleased', '1.27.1'].map(versionOf)).toEqual(['1.2.3', '1.2', 'Unreleased', '1.27.1']);
  expect(['1', 'two', '', '1.2.3.4.5', '1.x'].map(versionOf)).toEqual(Array.from({ length: 5 }, () => undefined));
});

test('numbers of candidates count by value, with and without a dot', () => {
  expect(compareVersions('3.0.0-rc2', '3.0.0-rc10')).toBeLessThan(0);
  expect(compareVersions('1.2', '1.2.0')).toBe(0);
});
