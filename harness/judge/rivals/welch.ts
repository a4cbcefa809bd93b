/** What a script does: Welch's t-test on all samples, as if each were an experiment of its own. */
import { mean, sampleVariance } from 'simple-statistics';
import { tProbability } from '../statistics/distributions.ts';
import { short } from '../words.ts';
import { said, strictest, type Rival } from './rival.ts';

const alpha = 0.05;

/** One-sided p of "the first mean is larger"; both need two values. */
export function welchP(first: readonly number[], second: readonly number[]): number {
  const difference = mean([...first]) - mean([...second]);
  const [a, b] = [first, second].map((values) => sampleVariance([...values]) / values.length);
  const variance = (a ?? 0) + (b ?? 0);
  if (variance === 0) return difference > 0 ? 0 : 1;
  const freedom = variance ** 2 / ((a ?? 0) ** 2 / (first.length - 1) + (b ?? 0) ** 2 / (second.length - 1));
  return tProbability(-difference / Math.sqrt(variance), freedom);
}

export const welch: Rival = {
  name: 'welch',
  rule: `one-sided Welch t-test on all points at ${alpha}, no correction`,
  classify({ experiment: { points: a }, control: { points: b } }) {
    if (a.length < 2 || b.length < 2) return said('no-data', 'fewer than two points');
    const p = welchP(a, b);
    return said(p < alpha ? 'fail' : 'pass', `p = ${short(p)}`);
  },
  overall: strictest,
};
