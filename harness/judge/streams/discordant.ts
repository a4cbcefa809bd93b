/**
 * An anytime-valid test on a stream of bad and good events: how much the stream speaks against "an event is bad with a
 * chance of at most `most`", whatever that chance does from one event to the next.
 *
 * It serves response diffs (the same request to both builds; only the discordant ones count: the canary alone is wrong,
 * or stable alone, with `most` = ρ/(1+ρ) for an odds ratio of at most ρ), and gross harm (a request went wrong, or not).
 */
import { logBetaTail } from '../statistics/beta-tail.ts';
import { logBeta } from '../statistics/distributions.ts';

export interface Events {
  readonly bad: number;
  readonly good: number;
}

/** The prior over the chance above `most`: uniform. */
const [a, b] = [1, 1];

/**
 * ln E of the truncated-beta mixture
 * E = B(a+bad, b+good)·[1−I_most(a+bad, b+good)] / (B(a,b)·[1−I_most(a,b)]·most^bad·(1−most)^good).
 * A supermartingale for every chance ≤ most, 0 at no data; so P(E ever reaches 1/alpha) ≤ alpha.
 */
export function logEvidence({ bad, good }: Events, most: number): number {
  if (!(most > 0 && most < 1)) throw new RangeError(`the largest chance must lie between 0 and 1, not ${most}`);
  if (!(bad >= 0 && good >= 0)) throw new RangeError(`counts of events cannot be ${bad} and ${good}`);
  const mixture = logBeta(a + bad, b + good) + logBetaTail(most, a + bad, b + good);
  const prior = logBeta(a, b) + logBetaTail(most, a, b);
  return mixture - prior - bad * Math.log(most) - good * Math.log1p(-most);
}

/** The chance under "equally often" when the canary may be worse by an odds ratio of up to `ratio`. */
export function chanceOfOdds(ratio: number): number {
  return ratio / (1 + ratio);
}
