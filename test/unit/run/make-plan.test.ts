import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBuild } from '../../../harness/model/build.ts';
import { type Plan, arms } from '../../../harness/model/plan.ts';
import { makePlan } from '../../../harness/run/make-plan.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

const build = parseBuild('reference@.');
if (build === undefined) throw new Error('reference@. is a build');
const builds = { stable: build, twin: build, canary: build };
const looks = [
  { blocks: 3, alpha: 0.0375 },
  { blocks: 5, alpha: 0.0125 },
];
const planned = (seed: number): Plan => makePlan({ scenarios: catalogue, builds, arms, looks, seed });

test('the same question and seed give the same plan; another seed gives another hash', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (one, other) => {
      expect(planned(one)).toEqual(planned(one));
      if (one !== other) expect(planned(one).hash).not.toBe(planned(other).hash);
    }),
    { numRuns: 50 },
  );
});

test('every block holds each arm once, and enough blocks are planned for the last look', () => {
  for (const { blocks } of planned(7).scenarios) {
    expect(blocks.map(({ block }) => block)).toEqual([1, 2, 3, 4, 5]);
    for (const { order } of blocks) expect(order.toSorted()).toEqual(['canary', 'stable', 'twin']);
  }
});

test('the order of the arms is random: over many blocks each arm is first about as often', () => {
  const firsts = { stable: 0, twin: 0, canary: 0 };
  for (let seed = 0; seed < 300; seed++) {
    const first = planned(seed).scenarios[0]?.blocks[0]?.order[0];
    if (first !== undefined) firsts[first]++;
  }
  for (const count of Object.values(firsts)) expect(count).toBeGreaterThan(60);
});

test('a run of one build plans the canary alone', () => {
  const plan = makePlan({ scenarios: catalogue, builds, arms: ['canary'], looks: [{ blocks: 1, alpha: 1 }], seed: 1 });
  expect(plan.scenarios.map(({ blocks }) => blocks.map(({ order }) => order))).toEqual(
    catalogue.map(() => [['canary']]),
  );
});
