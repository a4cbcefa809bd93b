/** Clopper and Pearson's exact bounds on a chance from x hits in n tries. */
import { betaQuantile } from './distributions.ts';

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Each bound fails with a chance of at most `alpha`. 0 to 1 for no try at all: nothing is known. */
export function clopperPearson(hits: number, tries: number, alpha: number): Bounds {
  if (!(hits >= 0 && hits <= tries)) throw new RangeError(`${hits} hits in ${tries} tries cannot be`);
  return {
    low: hits === 0 ? 0 : betaQuantile(alpha, hits, tries - hits + 1),
    high: hits === tries ? 1 : betaQuantile(1 - alpha, hits + 1, tries - hits),
  };
}
