/** Tonight's own noise, from the two stable arms of each block, against the noise that was calibrated. */
import type { Triplet } from './contrast.ts';
import { chiSquaredQuantile } from './distributions.ts';

export interface TwinNoise {
  /** Standard deviation of one trial tonight, from the stable–twin differences. */
  readonly sd: number;
  /** Tonight's variance over the calibrated one. */
  readonly ratio: number;
  /** The ratio that calm hosts stay below with the probability `level`. */
  readonly limit: number;
}

/** F = Σ (y_stable − y_twin)² / (2·n·sd²) against χ²(n) / n. */
export function twinNoise(blocks: readonly Triplet[], calibratedSd: number, level: number): TwinNoise {
  const n = blocks.length;
  const variance = blocks.reduce((sum, [, stable, twin]) => sum + (stable - twin) ** 2, 0) / (2 * n);
  return {
    sd: Math.sqrt(variance),
    ratio: variance / calibratedSd ** 2,
    limit: chiSquaredQuantile(level, n) / n,
  };
}
