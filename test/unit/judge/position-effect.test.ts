/** The place in a block must not move what is measured: by the two stable arms, which are one build. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { signFlipP } from '../../../harness/judge/statistics/sign-flip.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { evidence } from '../../support/evidence.ts';

const orders: readonly (readonly Arm[])[] = [
  ['stable', 'canary', 'twin'],
  ['twin', 'stable', 'canary'],
];

/** Blocks in alternating order, each trial `slower` times slower than the one before it. */
function session(scenario: Scenario, blocks: number, slower: number): Evidence {
  const looks = [{ blocks, alpha: 0.05 }];
  const run = evidence(
    [scenario],
    blocks,
    (arm, block) => ({ delayMs: 20 * slower ** (orders[block % 2]?.indexOf(arm) ?? 0) }),
    looks,
  );
  const scenarios = run.plan.scenarios.map((each) => ({
    ...each,
    blocks: each.blocks.map((block) => ({ ...block, order: orders[block.block % 2] ?? [] })),
  }));
  return { ...run, plan: { ...run.plan, scenarios } };
}

describe('the sign-flip test', () => {
  it('by hand: three units that all lean one way are reached by two of eight flips', () => {
    expect(signFlipP([[1], [2], [0.5]])).toBe(2 / 8);
    expect(signFlipP([[1], [-1]])).toBe(1);
    expect(signFlipP([[0], [0], [0]])).toBe(1);
    expect(signFlipP([])).toBe(1);
  });

  it('agrees with NumPy over all 32 flips of two series', () => {
    const units = [[0.9, 0.1], [1.2, -0.4], [0.3, 0.2], [0.8, -0.9], [1.1, 0.5]]; // prettier-ignore
    expect(signFlipP(units)).toBe(0.0625);
  });

  it('does not depend on the order of the units, nor on which side is up', () => {
    const unit = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 7 }), (units) => {
        const p = signFlipP(units);
        expect(signFlipP(units.toReversed())).toBe(p);
        expect(signFlipP(units.map((each) => each.map((d) => -d)))).toBe(p);
      }),
    );
  });

  it('is exact: over all flips of the same data, p ≤ a in at most the share a of them', () => {
    const data = [0.3, 1.1, 0.7, 2.2, 0.9, 1.6, 0.4];
    const all = Array.from({ length: 2 ** data.length }, (_, flips) =>
      signFlipP(data.map((d, i) => [(flips >> i) & 1 ? -d : d])),
    );
    for (const a of [0.01, 0.05, 0.2]) expect(all.filter((p) => p <= a).length / all.length).toBeLessThanOrEqual(a);
  });

  it('refuses what it cannot enumerate', () => {
    expect(() => signFlipP(Array.from({ length: 15 }, () => [1]))).toThrow(RangeError);
  });
});

describe('a session in which later trials are slower', () => {
  it('is invalid from eight blocks on, with the reason', () => {
    const verdict = judge(session(none, 8, 1.2));
    expect(verdict.decision).toBe('invalid');
    expect(verdict.because).toContain('carry-over in none: of the two stable arms the later one differs');
  });

  it('is not called so with fewer blocks, of which none can be rare enough', () => {
    expect(judge(session(none, 7, 1.2)).because).not.toContain('carry-over');
  });

  it('is none without the slope, or where the arms run side by side', () => {
    expect(judge(session(none, 8, 1)).decision).toBe('safe');
    const beside = { ...watchSilentDeath, expectations: none.expectations };
    expect(judge(session(beside, 8, 1.2)).because).not.toContain('carry-over');
  });

  it('keeps what its invariants prove', () => {
    const run = session(none, 8, 1.2);
    const harmed = evidence([none], 8, (arm) => (arm === 'canary' ? { wrong: 3 } : {})).trials;
    const trials = run.trials.map((t) => (t.arm === 'canary' ? { ...t, history: harmed.find((h) => h.block === t.block && h.arm === 'canary')?.history ?? [] } : t)); // prettier-ignore
    expect(judge({ ...run, trials }).decision).toBe('regression');
  });
});
