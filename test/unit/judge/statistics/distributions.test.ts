/**
 * Quantiles and probabilities against SciPy 1.17 (stats.t.ppf, stats.chi2.ppf, stats.norm.ppf, stats.norm.cdf), and where they
 * have a closed form, against that.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  betaQuantile,
  chiSquaredQuantile,
  logBeta,
  normalProbability,
  normalQuantile,
  tProbability,
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

  it.each([
    ['t of one degree of freedom is Cauchy: tan(π(p − ½))', tQuantile(0.95, 1), Math.tan(0.45 * Math.PI)],
    ['its share at or below 1 is 3/4', tProbability(1, 1), 0.75],
    ['t of two: ½ + t / (2√(2 + t²))', tProbability(Math.SQRT2, 2), 0.5 + Math.SQRT2 / 4],
    ['and below 0 as much as above', tProbability(-Math.SQRT2, 2), 0.5 - Math.SQRT2 / 4],
    ['chi-squared of two is exponential: −2 ln(1 − p)', chiSquaredQuantile(0.95, 2), -2 * Math.log(0.05)],
    ['beta(2, 1) is the square: √p', betaQuantile(0.3, 2, 1), Math.sqrt(0.3)],
    ['beta(1, 60): 1 − (1 − p)^(1/60)', betaQuantile(0.95, 1, 60), 1 - 0.05 ** (1 / 60)],
    ['B(5, 7) = 4!·6!/11! = 1/2310', logBeta(5, 7), -Math.log(2_310)],
    ['B(½, ½) = π', logBeta(0.5, 0.5), Math.log(Math.PI)],
  ])('%s', (_, ours, exact) => {
    expect(Math.abs(ours / exact - 1)).toBeLessThan(1e-7);
  });

  it('are the inverse of each other where bounds are taken', () => {
    const p = fc.double({ min: 0.9, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(p, fc.integer({ min: 1, max: 30 }), (share, freedom) => {
        expect(tProbability(tQuantile(share, freedom), freedom)).toBeCloseTo(share, 6);
        expect(normalProbability(normalQuantile(share))).toBeCloseTo(share, 6);
      }),
    );
  });
});
