/** Quantiles and probabilities of the distributions that the judge needs, by jStat (within 1e-8 of SciPy). */
import jStat from 'jstat';

/** The `p` quantile of Student's t. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  return jStat.studentt.inv(p, degreesOfFreedom);
}

/** The `p` quantile of chi-squared. */
export function chiSquaredQuantile(p: number, degreesOfFreedom: number): number {
  return jStat.chisquare.inv(p, degreesOfFreedom);
}

/** The `p` quantile of the standard normal. */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/** The share of the standard normal at or below `z`. */
export function normalProbability(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

/** ln B(a, b). */
export function logBeta(a: number, b: number): number {
  return jStat.betaln(a, b);
}

/** The `p` quantile of the beta distribution. */
export function betaQuantile(p: number, a: number, b: number): number {
  return jStat.beta.inv(p, a, b);
}

/** The share of Student's t at or below `t`; the degrees of freedom need not be whole. */
export function tProbability(t: number, degreesOfFreedom: number): number {
  return jStat.studentt.cdf(t, degreesOfFreedom);
}
