/** Each rival's rule against values from an independent source, and what is known of its blind spots. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argo } from '../../../../harness/judge/rivals/argo.ts';
import { flagger } from '../../../../harness/judge/rivals/flagger.ts';
import { kayenta, shiftBetween } from '../../../../harness/judge/rivals/kayenta.ts';
import { keptn } from '../../../../harness/judge/rivals/keptn.ts';
import { mannWhitney, mannWhitneyP } from '../../../../harness/judge/rivals/mann-whitney.ts';
import { rankSum } from '../../../../harness/judge/rivals/mann-whitney-statistic.ts';
import { said, type Pair } from '../../../../harness/judge/rivals/rival.ts';
import { welch, welchP } from '../../../../harness/judge/rivals/welch.ts';
import type { Metric } from '../../../../scenarios/scenario.ts';

const pair = (canary: readonly number[], stable: readonly number[], metric: Metric = 'latency-p99'): Pair => ({
  metric,
  experiment: { points: canary, trials: canary },
  control: { points: stable, trials: stable },
});
const values = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 25 });

/** The example of the documentation of scipy.stats.mannwhitneyu: ages at diagnosis of males and females. */
const males = [19, 22, 16, 29, 24];
const females = [20, 11, 17, 12];

describe('Mann–Whitney', () => {
  it('has the statistic and the asymptotic p of SciPy, with ties and without', () => {
    expect(rankSum(males, females).u).toBe(17);
    expect(mannWhitneyP(rankSum(males, females))).toBeCloseTo(0.055673443266570206, 8);
    expect(mannWhitneyP(rankSum([1, 2, 2, 3, 5], [2, 2, 1, 1, 4, 1]))).toBeCloseTo(0.16917586078110963, 8);
  });

  it('counts the pairs in which the first is larger, ties half', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const pairs = a.flatMap((x) => b.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
        expect(rankSum(a, b).u).toBeCloseTo(
          pairs.reduce((sum: number, each) => sum + each, 0),
          9,
        );
        expect(rankSum(a, b).excess + rankSum(b, a).excess).toBeCloseTo(0, 9);
      }),
    );
  });

  it('fails a canary that is slower, and has nothing to say of nothing', () => {
    expect(mannWhitney.classify(pair([5, 6, 7, 8, 9], [1, 2, 3, 4, 5])).decision).toBe('fail');
    expect(mannWhitney.classify(pair([1, 2, 3, 4, 5], [5, 6, 7, 8, 9])).decision).toBe('pass');
    expect(mannWhitney.classify(pair([7, 7, 7], [7, 7])).decision).toBe('pass');
    expect(mannWhitney.classify(pair([], [7, 7])).decision).toBe('no-data');
  });
});

describe("Welch's test", () => {
  it('has the p of SciPy', () => {
    expect(welchP([5.1, 6.3, 5.9, 7.7], [4.2, 5.5, 4.9, 5.1, 4.4])).toBeCloseTo(0.03572897692501118, 8);
  });

  it('needs two points, and takes no difference without spread for none', () => {
    expect(welch.classify(pair([1], [1, 2])).decision).toBe('no-data');
    expect(welch.classify(pair([2, 2], [2, 2])).decision).toBe('pass');
    expect(welch.classify(pair([3, 3], [2, 2])).decision).toBe('fail');
  });

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const in1000 = (x: readonly number[]): readonly number[] => x.map((value) => value * 1_000);
        expect(welchP(in1000(a), in1000(b))).toBeCloseTo(welchP(a, b), 9);
      }),
    );
  });
});

describe('Kayenta', () => {
  /** R's wilcox.test(conf.int, conf.level = 0.98, exact = FALSE), step by step on SciPy's rankdata and brentq. */
  it("has R's interval and estimate of the shift", () => {
    const canary = [5.1, 6.3, 5.9, 7.7, 6.6, 7.1, 5.5, 6.9, 8, 7.4];
    const stable = [4.2, 5.5, 4.9, 5.1, 4.4, 6.1, 5.3, 4.7, 5.8, 5];
    const { low, estimate, high } = shiftBetween(canary, stable);
    expect(low).toBeCloseTo(0.5, 6);
    expect(estimate).toBeCloseTo(1.6, 6);
    expect(high).toBeCloseTo(2.6, 6);
    // Of so few the ends are all that can be said: the least and the largest difference there is.
    expect(shiftBetween(males, females).low).toBeCloseTo(-4, 6);
    expect(shiftBetween(males, females).high).toBeCloseTo(18, 6);
  });

  it('calls a clear increase High, a decrease Pass, and data that are the same Pass', () => {
    const calm = Array.from({ length: 50 }, (_, i) => 100 + (i % 7));
    const slow = calm.map((value) => value * 1.2);
    expect(kayenta.classify(pair(slow, calm)).decision).toBe('fail');
    expect(kayenta.classify(pair(calm, slow)).decision).toBe('pass');
    expect(kayenta.classify(pair(calm.toReversed(), calm)).decision).toBe('pass');
    expect(kayenta.classify(pair([], calm)).decision).toBe('no-data');
  });

  it('is blind to tails: fivefold spikes in a tenth of the windows pass', () => {
    const calm = Array.from({ length: 50 }, (_, i) => 100 + (i % 7));
    expect(kayenta.classify(pair(calm.map((value, i) => (i % 10 === 0 ? 5 * value : value)), calm)).decision).toBe('pass'); // prettier-ignore
  });

  it('scores the share of passed metrics, and 0 when half of them have no data', () => {
    const [pass, fail, none] = [said('pass', ''), said('fail', ''), said('no-data', '')];
    expect(kayenta.overall([pass, pass])).toEqual({ decision: 'pass', why: 'score 100' });
    expect(kayenta.overall([pass, pass, pass, fail])).toEqual({ decision: 'marginal', why: 'score 75' });
    expect(kayenta.overall([pass, pass, fail]).decision).toBe('fail');
    expect(kayenta.overall([pass, none])).toEqual({ decision: 'fail', why: 'score 0' });
    expect(kayenta.overall([pass, pass, none]).decision).toBe('pass');
  });

  it('shifts with the data, and turns around when the samples do', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: -20, max: 20 }), (a, b, by) => {
        const [one, moved, turned] = [shiftBetween(a, b), shiftBetween(a.map((x) => x + by), b), shiftBetween(b, a)]; // prettier-ignore
        expect(moved.estimate).toBeCloseTo(one.estimate + by, 6);
        expect(turned.low).toBeCloseTo(-one.high, 6);
        expect(one.low).toBeLessThanOrEqual(one.high);
      }),
    );
  });
});

describe('fixed limits', () => {
  it.each([
    ['flagger at the fifth failed check', flagger, [501, 502, 503, 504, 505, 1], 'fail'],
    ['flagger before it', flagger, [501, 502, 503, 504, 500, 1], 'pass'],
    ['argo at the first', argo, [1, 501], 'fail'],
    ['argo without any', argo, [1, 500], 'pass'],
    ['argo without points', argo, [], 'no-data'],
  ] as const)('%s', (_, rival, points, decision) => {
    expect(rival.classify(pair(points, [])).decision).toBe(decision);
  });

  it('know a limit for errors and p99 only, and never look at stable', () => {
    expect(argo.classify(pair([0.02], [], 'error-share')).decision).toBe('fail');
    expect(argo.classify(pair([9e9], [], 'write-visible-delay')).decision).toBe('no-data');
    expect(argo.classify(pair([90], [1])).decision).toBe('pass');
  });

  it('fail as a whole with one metric', () => {
    const [pass, fail, none] = [said('pass', ''), said('fail', ''), said('no-data', '')];
    expect(argo.overall([pass, fail, none]).decision).toBe('fail');
    expect(argo.overall([pass, none]).decision).toBe('pass');
    expect(argo.overall([none]).decision).toBe('no-data');
  });
});

describe('Keptn', () => {
  it.each([
    [[110, 110], [100, 100], 'pass'],
    [[111, 110], [100, 100], 'fail'],
    [[1], [100], 'pass'],
    [[0], [0], 'pass'],
    [[], [1], 'no-data'],
  ] as const)('%j against %j: %s', (a, b, decision) => {
    expect(keptn.classify(pair(a, b)).decision).toBe(decision);
  });

  it('warns from 75 % of the objectives on', () => {
    const [pass, fail, none] = [said('pass', ''), said('fail', ''), said('no-data', '')];
    expect(keptn.overall([pass, pass, pass, fail]).decision).toBe('marginal');
    expect(keptn.overall([pass, fail]).decision).toBe('fail');
    expect(keptn.overall([pass, none]).decision).toBe('pass');
    expect(keptn.overall([none]).decision).toBe('no-data');
  });
});
