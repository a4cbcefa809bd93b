import { expect, test } from 'vitest';
import { timelinePicture } from '../../../harness/reporters/timeline-picture.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

test('phases are to scale, and each step stands under the part of the fault phase that it takes', () => {
  const scenario = catalogue.find(({ name }) => name === 'etcd-overload');
  if (scenario === undefined) throw new Error('etcd-overload is in the catalogue');
  const [phases = '', overload = '', cut = ''] = timelinePicture(scenario);
  const fault = phases.indexOf('│fault');
  const settle = phases.indexOf('│settle');
  expect(overload.indexOf('█')).toBe(fault);
  expect(overload.lastIndexOf('█')).toBe(settle - 1);
  expect((cut.indexOf('█') - fault) / (settle - fault)).toBeCloseTo(2 / 10, 1);
  expect([overload, cut].map((line) => line.split(' ').at(-1))).toEqual(['etcd.overload', 'watch.cut']);
});
