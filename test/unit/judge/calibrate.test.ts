/** From blocks of equal builds to the noise of a host, and what a plan does with it. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { autocorrelation, calibrationOf } from '../../../harness/judge/calibrate.ts';
import { judge } from '../../../harness/judge/judge.ts';
import type { MetricCalibration, ScenarioCalibration } from '../../../harness/model/calibration.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Plan } from '../../../harness/model/plan.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { evidence } from '../../support/evidence.ts';

const delays = [
  [20, 22, 19],
  [30, 27, 33],
  [18, 18, 20],
  [25, 21, 24],
] as const;
const arms = ['stable', 'twin', 'canary'];
const run = evidence([none], 4, (arm, block) => ({ delayMs: delays[block - 1]?.[arms.indexOf(arm)] ?? 20 }), [
  { blocks: 4, alpha: 0.05 },
]);
const scenario = (found = calibrationOf(run)): ScenarioCalibration => found['none'] ?? ({} as ScenarioCalibration);
const delay = (): Partial<MetricCalibration> => scenario().metrics['write-visible-delay'] ?? {};

describe('a calibration', () => {
  it('is the spread within blocks, by NumPy, and its 95 % upper bound by SciPy’s chi2.ppf', () => {
    expect(delay().sd).toBeCloseTo(0.08310612088893404, 5);
    expect(delay().scale).toBeCloseTo(0.1421958917287052, 5);
    expect(delay()).toMatchObject({ trials: 12, median: 21.5 });
    expect(delay().kurtosis).toBeCloseTo(1.690182042448621, 4);
  });

  it('proposes two standard deviations, rounded up to 5 %, and the blocks for the scenario’s own tolerance', () => {
    expect(delay().tolerance).toBeCloseTo(Math.ceil(Math.expm1(2 * (delay().sd ?? 0)) * 20) / 20, 9);
    expect(delay().blocks).toBe(3);
    // Not judged by the scenario.
    expect(scenario().metrics['recovery-time']?.blocks).toBeNull();
  });

  it('does not count what a block shares as noise', () => {
    const shifted = evidence([none], 4, (arm, block) => ({ delayMs: 2 ** block * (delays[block - 1]?.[arms.indexOf(arm)] ?? 20) })); // prettier-ignore
    const sd = scenario(calibrationOf(shifted)).metrics['write-visible-delay']?.sd;
    expect(sd).toBeCloseTo(delay().sd ?? 0, 9);
  });

  it('is never infinitely sharp: a metric that did not vary keeps a quarter of the built-in scale', () => {
    expect(scenario().metrics['error-share']).toMatchObject({ sd: 0, scale: 0.05, kurtosis: null });
  });

  it('leaves out metrics that a trial lacks, and blocks that were no experiments', () => {
    const thin = evidence([none], 4, () => ({ requests: 4_000 }));
    expect(scenario(calibrationOf(thin)).metrics['latency-p99']).toBeUndefined();
    const spoilt = evidence([none], 4, (_, block) => (block === 2 ? { state: 'invalid', reason: 'etcd died' } : {}));
    expect(scenario(calibrationOf(spoilt)).blocks).toBe(3);
    expect(calibrationOf(evidence([none], 1))['none']?.metrics).toEqual({});
  });

  it('tells how long to warm up only when there are seconds enough', () => {
    expect(scenario().warmupCutMs).toBeNull();
    const cold: Evidence = {
      ...run,
      trials: run.trials.map((t) => ({
        ...t,
        history: [
          { kind: 'phase', phase: 'warmup', atMs: 0 } as const,
          ...Array.from({ length: 12 }, (_, second) => {
            const p50Ms = second < 3 ? 9 - 2 * second : 1 + (second % 2) / 50;
            return { kind: 'load', sent: 9, ok: 9, errors: {}, p50Ms, p99Ms: 2, atMs: (second + 1) * 1_000 } as const;
          }),
          ...t.history.filter((o) => o.kind !== 'load' && o.atMs > 100).map((o) => ({ ...o, atMs: o.atMs + 12_000 })),
        ],
      })),
    };
    // Calm from the fourth second on.
    expect(scenario(calibrationOf(cold)).warmupCutMs).toBe(8_000);
  });
});

describe('the autocorrelation from one second to the next', () => {
  it('is that of NumPy by its definition, and null for short series', () => {
    expect(autocorrelation([[1, 3, 2, 5, 4, 6, 5, 8]])).toBeCloseTo(0.24471830985915494, 5);
    expect(autocorrelation([[1, 2, 3]])).toBeNull();
    expect(autocorrelation([[2, 2, 2, 2, 2, 2]])).toBeNull();
  });

  it('is near 0 for independent seconds and near 0.8 for seconds that remember', () => {
    const random = xoroshiro128plus(5);
    const series = (memory: number): number[] => {
      let last = 0;
      return Array.from({ length: 400 }, () => (last = memory * last + uniformFloat64(random) - 0.5));
    };
    expect(Math.abs(autocorrelation([series(0), series(0)]) ?? 1)).toBeLessThan(0.1);
    expect(Math.abs((autocorrelation([series(0.8), series(0.8)]) ?? 0) - 0.8)).toBeLessThan(0.08);
  });
});

describe('scales that a plan froze', () => {
  const calibration = { hash: 'a'.repeat(64), scales: { none: { 'write-visible-delay': 0.05 } } } as const;
  const calibrated = (evidence: Evidence): Evidence => ({ ...evidence, plan: { ...evidence.plan, calibration } });

  it('are used and stated, the others stay built in', () => {
    const { constants } = judge(calibrated(run));
    expect(constants).toMatchObject({
      'scales.source': 'calibration aaaaaaaaaaaaaaaa',
      'none.write-visible-delay.trialSd': 0.05,
      'none.latency-p99.trialSd': 0.13,
    });
    expect(judge(run).constants).toMatchObject({ 'scales.source': 'built-in', 'write-visible-delay.trialSd': 0.2 });
  });

  it('set the limit of the noise guard', () => {
    // Stable and twin differ by 30 %: usual at the built-in scale, wild at a calibrated 5 %.
    const loud = evidence([none], 3, (arm) => ({ delayMs: arm === 'canary' ? 50 : arm === 'twin' ? 26 : 20 }));
    expect(judge(loud).decision).toBe('regression');
    const { because, decision } = judge(calibrated(loud));
    expect([decision, because]).toEqual(['invalid', expect.stringContaining('noisy host')]);
  });

  it.each([
    ['a scale of zero', { none: { 'latency-p99': 0 } }],
    ['no number', { none: { 'latency-p99': Number.NaN } }],
    ['an unknown metric', { none: { 'latency-p98': 1 } }],
  ])('are refused with %s', (_, scales) => {
    const plan = { ...run.plan, calibration: { hash: 'x', scales } } as unknown as Plan;
    const verdict = judge({ ...run, plan });
    expect([verdict.decision, verdict.because]).toEqual(['invalid', expect.stringContaining('the calibration has the scale')]); // prettier-ignore
  });
});
