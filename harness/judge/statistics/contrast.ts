/** The contrast of one arm with the mean of the two others inside one block: what cancels the block's own level. */

/** One block's trial statistics on a log scale: canary, stable, twin. Higher is worse. */
export type Triplet = readonly [canary: number, stable: number, twin: number];

/** A contrast of three independent trials of standard deviation `sd` has the standard deviation `sd · √1.5`. */
export const contrastOverTrial: number = Math.sqrt(1.5);

/** y of each arm minus the mean of the other two; the three add up to 0. */
export function contrasts([canary, stable, twin]: Triplet): Triplet {
  return [canary - (stable + twin) / 2, stable - (canary + twin) / 2, twin - (canary + stable) / 2];
}
