import { expect, test } from 'vitest';
import { timelinePicture } from '../../../harness/reporters/timeline-picture.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

test('a step that repeats has a bar for each time; one that waits for a proof says whose', () => {
  const [sample] = catalogue;
  if (sample === undefined) throw new Error('the catalogue is empty');
  const [phases = '', cut = '', pause = ''] = timelinePicture({
    ...sample,
    phases: { warmup: '1s', baseline: '1s', fault: '10s', settle: '1s' },
    timeline: [
      { id: 'cut', at: '0s', hold: '1s', repeat: { gap: '2s' }, fault: { kind: 'watch.cut' } },
      { after: 'cut', at: '1s', hold: '2s', fault: { kind: 'etcd.pause' } },
    ],
  });
  expect([...cut.matchAll(/█+/g)].length).toBe(4);
  expect([cut.indexOf('█'), cut.endsWith(' watch.cut ×4')]).toEqual([phases.indexOf('│fault'), true]);
  expect(pause.indexOf('█')).toBeGreaterThan(cut.indexOf('█'));
  expect(pause).toMatch(/█ etcd\.pause after cut$/);
});

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
