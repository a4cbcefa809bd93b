import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Lock, missingFrom, platformOf, withMissing } from '../../../scripts/lock-file.ts';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;

test('the lock file holds the packages of every platform, so that npm ci takes it (else: node scripts/complete-lock.ts)', () => {
  expect(missingFrom(lock)).toEqual([]);
});

test('a platform that the registry could not serve is told and put back in its place', () => {
  const key = 'node_modules/@oxlint/binding-darwin-arm64';
  const { [key]: entry, ...packages } = lock.packages;
  const cut: Lock = { ...lock, packages };
  expect(missingFrom(cut)).toEqual([{ key, name: '@oxlint/binding-darwin-arm64', version: entry?.version, dev: true }]);
  expect(Object.keys(withMissing(cut).packages)).toEqual(Object.keys(lock.packages));
  expect(withMissing(cut).packages[key]).toMatchObject({ os: ['darwin'], cpu: ['arm64'], optional: true, dev: true });
});

test('a package that lies beside its parent is not missing', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', optionalDependencies: { 'b-linux-x64': '2.0.0' } },
    'node_modules/a/node_modules/b-linux-x64': { version: '2.0.0' },
  };
  expect(missingFrom({ packages })).toEqual([]);
});

test('the platform in a name is the one that npm was told', () => {
  const told = Object.entries(lock.packages).filter(([key]) => /binding-(?!wasm)/.test(key));
  expect(told.length).toBeGreaterThan(20);
  for (const [key, { os, cpu, libc }] of told) {
    expect([key, platformOf(key)]).toEqual([key, { os, cpu, ...(libc === undefined ? {} : { libc }) }]);
  }
});

test('a package whose name tells no platform, or that has no one version, is left to a person', () => {
  const asking = (name: string, version: string): Lock => ({
    packages: { 'node_modules/a': { optionalDependencies: { [name]: version } } },
  });
  expect(() => withMissing(asking('fsevents', '2.3.3'))).toThrow('names no platform');
  expect(() => withMissing(asking('b-linux-x64', '^2.0.0'))).toThrow('no one version');
});
