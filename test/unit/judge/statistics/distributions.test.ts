/** Quantiles against SciPy 1.17: stats.t.ppf, stats.chi2.ppf, stats.norm.ppf, stats.norm.cdf. */
import { describe, expect, it } from 'vitest';
import {
  chiSquaredQuantile,
  normalProbability,
  normalQuantile,
  tQuantile,
} from '../../../../harness/judge/statistics/distributions.ts';

describe('distributions', () => {
  it.each([
    ['t(0.9625, 2)', tQuantile(0.9625, 2), 3.4427915784743437],
    ['t(0.9875, 4)', tQuantile(0.9875, 4), 3.4954059325164417],
    ['t(0.975, 9)', tQuantile(0.975, 9), 2.262157162798205],
    ['chi2(0.95, 3)', chiSquaredQuantile(0.95, 3), 7.814727903251179],
    ['chi2(0.95, 10)', chiSquaredQuantile(0.95, 10), 18.307038053275146],
    ['norm(0.9625)', normalQuantile(0.9625), 1.7804643416920256],
    ['cdf(-1.3)', normalProbability(-1.3), 0.09680048458561036],
  ])('%s', (_, ours, scipy) => {
    expect(Math.abs(ours / scipy - 1)).toBeLessThan(1e-8);
  });
});
