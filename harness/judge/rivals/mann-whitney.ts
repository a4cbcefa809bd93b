/** What a more careful script does: Mann–Whitney on all samples, as if each were an experiment of its own. */
import { normalProbability } from '../statistics/distributions.ts';
import { short } from '../words.ts';
import { rankSum, type RankSum } from './mann-whitney-statistic.ts';
import { said, strictest, type Rival } from './rival.ts';

const alpha = 0.05;

/** One-sided p of "the first is larger", in the normal approximation with continuity correction. */
export function mannWhitneyP({ excess, sd }: RankSum): number {
  return sd === 0 ? 1 : normalProbability(-(excess - 0.5) / sd);
}

export const mannWhitney: Rival = {
  name: 'mann-whitney',
  rule: `one-sided Mann–Whitney test on all points at ${alpha}, no correction`,
  classify({ experiment: { points: a }, control: { points: b } }) {
    if (a.length === 0 || b.length === 0) return said('no-data', 'no point');
    const p = mannWhitneyP(rankSum(a, b));
    return said(p < alpha ? 'fail' : 'pass', `p = ${short(p)}`);
  },
  overall: strictest,
};
