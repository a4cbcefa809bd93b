/** What a plan can detect: the closed form against the test itself, and that it follows what it should. */
import { describe, expect, it } from 'vitest';
import { detectable, type Detectable } from '../../../harness/judge/detectable.ts';
import { judge } from '../../../harness/judge/judge.ts';
import type { FrozenScales, Look, ScenarioPlan } from '../../../harness/model/plan.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { evidence } from '../../support/evidence.ts';

const delay = { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 0.1, tolerance: 1 } as const;
const one: Scenario = { ...none, expectations: [delay] };
const planned = (scenario: Scenario, looks: readonly Look[]): ScenarioPlan => ({ scenario, looks, blocks: [] });
const five = [{ blocks: 5, alpha: 0.05 }];
const first = (found: readonly Detectable[]): Detectable => {
  const [detected] = found;
  if (detected === undefined) throw new Error('the scenario judges a metric');
  return detected;
};
const scaled = (sd: number): FrozenScales => ({ hash: '', scales: { none: { 'write-visible-delay': sd } } });
const of = (looks: readonly Look[] = five, scenarios = 1, scenario = one, sd?: number): Detectable =>
  first(detectable(planned(scenario, looks), scenarios, sd === undefined ? undefined : scaled(sd), 7));

describe('the detectable effect', () => {
  /** Sessions of log-normal trials of the judge itself; its other metrics are equal in both builds. */
  function judged(scenario: Scenario, sd: number, effect: number, count: number): number {
    const random = xoroshiro128plus(3);
    const uniform = (): number => uniformFloat64(random);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const decisions = Array.from({ length: count }, () => {
      const delayMs = (arm: string): number => 200 * Math.exp(sd * normal()) * (arm === 'canary' ? effect : 1);
      const run = evidence([scenario], 5, (arm) => ({ delayMs: delayMs(arm) }), five);
      return judge({ ...run, plan: { ...run.plan, calibration: scaled(sd) } }).decision;
    });
    return decisions.filter((decision) => decision === 'regression').length / count;
  }

  it('is detected by the judge itself as often as it says', () => {
    const { mde80, mde95 } = of(five, 1, one, 0.1);
    // 120 sessions: three standard errors of 80 % are 11 points, of 95 % six.
    expect(Math.abs(judged(one, 0.1, mde80, 120) - 0.8)).toBeLessThan(0.12);
    expect(Math.abs(judged(one, 0.1, mde95, 120) - 0.95)).toBeLessThan(0.07);
  });

  it('accounts for the minimum effect of the other metrics, which costs power', () => {
    const errors = { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 } as const;
    const two: Scenario = { ...none, expectations: [delay, errors] };
    const { mde80 } = of(five, 1, two, 0.1);
    expect(mde80).toBeGreaterThan(of(five, 1, one, 0.1).mde80 * 1.05);
    // Errors do not vary in these records, as they would: the judge detects a little more.
    expect(judged(two, 0.1, mde80, 60)).toBeGreaterThan(0.7);
  });

  it('is beyond the minimum effect, and larger for more certainty, noise, scenarios and metrics', () => {
    const { mde80, mde95 } = of();
    expect(1.1).toBeLessThan(mde80);
    expect(mde80).toBeLessThan(mde95);
    expect(of(five, 1, one, 0.4).mde80).toBeGreaterThan(mde80);
    expect(of(five, 3).mde80).toBeGreaterThan(mde80);
    const others = none.expectations.filter(({ kind }) => kind === 'no-worse').slice(0, 2);
    const more: Scenario = { ...one, expectations: [delay, ...others] };
    expect(of(five, 1, more).mde80).toBeGreaterThan(mde80);
  });

  it('is smaller with more blocks, and nothing where no labelling is rare enough', () => {
    expect(of([{ blocks: 7, alpha: 0.05 }]).mde80).toBeLessThan(of().mde80);
    const three = [{ blocks: 3, alpha: 0.0375 }];
    expect(of(three).mde80).toBeLessThan(Infinity);
    expect(of(three, 2).mde80).toBe(Infinity);
  });

  it('says how often an equal build passes: nearly always at a wide tolerance, hardly at a narrow one', () => {
    expect(of().passChance).toBeGreaterThan(0.95);
    const narrow: Scenario = { ...one, expectations: [{ ...delay, minimumEffect: 0, tolerance: 0.1 }] };
    expect(of(five, 1, narrow).passChance).toBeLessThan(0.3);
  });

  it('is the same for the same seed', () => expect(of()).toEqual(of()));
});
