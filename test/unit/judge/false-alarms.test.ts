/** Simulated sessions in which nothing differs: how often the judge is wrong, and that it is right when something is. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../harness/judge/judge.ts';
import { plannedLooks, sessionAlpha } from '../../../harness/judge/looks.ts';
import type { Decision } from '../../../harness/model/verdict.ts';
import { none } from '../../../scenarios/steady/none.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { evidence } from '../../support/evidence.ts';

/** The sharpest null: any real difference, however small, may fail. */
const strict: Scenario = {
  ...none,
  expectations: [
    { kind: 'no-worse', metric: 'latency-p99', minimumEffect: 0, tolerance: 1.5 },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 0, tolerance: 1.5 },
  ],
};

/** Sessions of log-normal trials (sd of a block 0.5, of a trial `sd`); the canary is `effect` times slower. */
function sessions(count: number, scenario: Scenario, sd: number, effect: number, blocks: number): Decision[] {
  const random = xoroshiro128plus(20_261_123);
  const uniform = (): number => uniformFloat64(random);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return Array.from({ length: count }, () => {
    const levels = Array.from({ length: blocks }, () => Math.exp(0.5 * normal()));
    const run = evidence([scenario], blocks, (arm, block) => {
      const slower = (levels[block - 1] ?? 1) * (arm === 'canary' ? effect : 1);
      return { p99Ms: 8 * slower * Math.exp(sd * normal()), delayMs: 40 * slower * Math.exp(sd * normal()) };
    });
    return judge(run).decision;
  });
}

const share = (decisions: readonly Decision[], wanted: Decision): number =>
  decisions.filter((decision) => decision === wanted).length / decisions.length;

describe('simulated sessions', () => {
  const looks = plannedLooks(1);
  const last = looks.at(-1)?.blocks ?? 0;

  it('of equal builds fail at most with the stated chance over both looks, also on a host noisier than calibrated', () => {
    // 100 sessions: the share of a true 5 % stays below 12 % with a chance of 99.6 %.
    for (const sd of [0.1, 0.3])
      expect(share(sessions(100, strict, sd, 1, last), 'regression')).toBeLessThan(sessionAlpha + 0.07);
  });

  it('of equal builds pass at the first look, nearly always', () => {
    expect(share(sessions(50, none, 0.13, 1, 3), 'safe')).toBeGreaterThanOrEqual(0.9);
  });

  it('of a canary three times slower fail, nearly always', () => {
    expect(share(sessions(50, none, 0.13, 3, 3), 'regression')).toBeGreaterThanOrEqual(0.95);
  });

  it('of a canary far outside the tolerance never pass', () => {
    expect(share(sessions(50, none, 0.3, 3, 3), 'safe')).toBe(0);
  });
});
