/**
 * The upper tail of the beta distribution as a logarithm, by the continued fraction of the incomplete beta function
 * (Abramowitz and Stegun 26.5.8, Lentz's method). A stream of events has tails far below the smallest number, and
 * counts for which a hundred terms, where jStat stops, are too few.
 */
import { logBeta } from './distributions.ts';

const tiny = 1e-300;
const precise = 1e-15;
const mostTerms = 100_000;

/** ln(1 − I_x(a, b)), for 0 < x < 1 and positive a and b. */
export function logBetaTail(x: number, a: number, b: number): number {
  // 1 − I_x(a, b) = I_(1−x)(b, a); the fraction converges fast below the mean, above it the other tail is taken from 1.
  const y = 1 - x;
  const front = a * Math.log(x) + b * Math.log(y) - logBeta(a, b);
  if (y < (b + 1) / (a + b + 2)) return front - Math.log(b) + Math.log(fraction(y, b, a));
  return Math.log1p(-Math.exp(front - Math.log(a) + Math.log(fraction(x, a, b))));
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < mostTerms; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < precise) return h;
  }
  throw new RangeError(`the incomplete beta function of ${a} and ${b} at ${x} does not converge`);
}

function away(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
