import { expect, test } from 'vitest';
import { parseBuild } from '../../../harness/model/build.ts';
import { unknownWord } from '../../../harness/model/nearest.ts';

test.each([
  ['reference@.', { gateway: 'reference', version: '.', variants: [] }],
  ['reference@.+a-b+c', { gateway: 'reference', version: '.', variants: ['a-b', 'c'] }],
  ['reference@.+rare-404=0.01+c', { gateway: 'reference', version: '.', variants: ['rare-404=0.01', 'c'] }],
  ['apisix@3.13.0', { gateway: 'apisix', version: '3.13.0', variants: [] }],
  ['reference@git:v0.2.0', { gateway: 'reference', version: 'git:v0.2.0', variants: [] }],
])('%s is a build', (name, parts) => expect(parseBuild(name)).toEqual({ name, ...parts }));

test.each([
  'reference',
  '@.',
  'reference@',
  'reference@.+',
  'reference@.+a=',
  'reference@.+a=b',
  'reference@. x',
  'Reference@.',
])('"%s" is none', (name) => {
  expect(parseBuild(name)).toBeUndefined();
});

test('an unknown word names the nearest known one, or all when none is near', () => {
  expect(unknownWord('scenario', 'rute-flod', ['route-flood', 'none'])).toBe(
    'unknown scenario "rute-flod"; did you mean "route-flood"?',
  );
  expect(unknownWord('scenario', 'xyzzyplugh', ['route-flood', 'none'])).toContain('known: route-flood, none');
});
