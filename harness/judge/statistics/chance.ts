/** The chance that a later look decides, if the truth is what was seen so far. */
import type { Look } from '../../model/plan.ts';
import { normalProbability, normalQuantile, tQuantile } from './distributions.ts';
import type { TInterval } from './t-interval.ts';

/** Chance that the upper bound at that look falls below `limit`. */
export function chanceToPass(seen: TInterval, look: Look, limit: number): number {
  return beyond(limit - seen.mean, seen.sd, look.blocks, tQuantile(1 - look.alpha, look.blocks - 1));
}

/** Chance that the test at that look finds the effect above `limit`; the permutation test is near the normal one. */
export function chanceToFail(seen: TInterval, look: Look, limit: number): number {
  return beyond(seen.mean - limit, seen.sd, look.blocks, normalQuantile(1 - look.alpha));
}

function beyond(margin: number, sd: number, blocks: number, critical: number): number {
  if (sd === 0) return margin > 0 ? 1 : 0;
  return normalProbability((margin * Math.sqrt(blocks)) / sd - critical);
}
