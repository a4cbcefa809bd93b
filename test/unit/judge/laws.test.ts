/** Laws of a whole verdict: worse never turns FAIL into PASS, units and orders do not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { evidence } from '../../support/evidence.ts';

const delayOnly: Scenario = {
  ...none,
  expectations: [{ kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 0.2, tolerance: 1 }],
};

/** Delays in ms of three blocks of canary, stable and twin. */
const delays = fc.array(fc.tuple(fc.integer({ min: 20, max: 400 }), fc.integer({ min: 20, max: 200 }), fc.integer({ min: 20, max: 200 })), { minLength: 3, maxLength: 3 }); // prettier-ignore

const run = (blocks: readonly (readonly [number, number, number])[], canary = 1, unit = 1): Evidence =>
  evidence([delayOnly], 3, (arm, block) => {
    const [c, s, t] = blocks[block - 1] ?? [1, 1, 1];
    return { delayMs: unit * (arm === 'canary' ? c * canary : arm === 'stable' ? s : t) };
  });

describe('a verdict', () => {
  it('never turns from regression to safe, nor gets a larger p, when the canary gets worse', () => {
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 20 }), (blocks, worse) => {
        const before = judge(run(blocks));
        const after = judge(run(blocks, 1 + worse / 4));
        const p = [before, after].map((verdict) => verdict.scenarios[0]?.findings[0]?.pValue ?? Number.NaN);
        expect(p[1]).toBeLessThanOrEqual(p[0] ?? Number.NaN);
        if (before.decision !== 'safe') expect(after.decision).not.toBe('safe');
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the unit of a metric', () => {
    fc.assert(
      fc.property(delays, (blocks) => {
        const [ms, tenths] = [run(blocks), run(blocks, 1, 10)].map((e) => {
          const { decision, scenarios } = judge(e);
          const { estimate, interval, pValue } = scenarios[0]?.findings[0] ?? {};
          return { decision, estimate, interval, pValue };
        });
        expect(tenths).toEqual(ms);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the trials, byte for byte', () => {
    fc.assert(
      fc.property(delays, fc.array(fc.double({ noNaN: true }), { minLength: 9, maxLength: 9 }), (blocks, keys) => {
        const one = run(blocks);
        const shuffled = one.trials
          .map((t, i) => ({ t, key: keys[i] ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ t }) => t);
        expect(JSON.stringify(judge({ ...one, trials: shuffled }))).toBe(JSON.stringify(judge(one)));
      }),
      { numRuns: 30 },
    );
  });
});
