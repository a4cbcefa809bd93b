/** Student's interval over trials. At 3 to 10 trials it covers what it says, where a bootstrap does not. */
import { mean, sampleStandardDeviation } from 'simple-statistics';
import { tQuantile } from './distributions.ts';

export interface TInterval {
  readonly mean: number;
  /** Sample standard deviation of one contrast. */
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Mean ± t·s/√n, with t the one-sided `1 − alpha` quantile: `high` is an upper bound at confidence 1 − alpha, and
 * the two sides together have confidence 1 − 2·alpha. Needs at least two values.
 */
export function tInterval(values: readonly number[], alpha: number): TInterval {
  if (values.length < 2) throw new RangeError(`an interval needs at least 2 trials, not ${values.length}`);
  const centre = mean([...values]);
  const sd = sampleStandardDeviation([...values]);
  const half = (tQuantile(1 - alpha, values.length - 1) * sd) / Math.sqrt(values.length);
  return { mean: centre, sd, low: centre - half, high: centre + half };
}
