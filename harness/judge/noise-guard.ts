/** Whether tonight's host was so noisy that a metric's failure should not be believed. */
import type { AtLook, MetricCase } from './metric-cases.ts';
import { contrastOverTrial } from './statistics/contrast.ts';
import { twinNoise, type TwinNoise } from './statistics/twin-noise.ts';

export const noiseLevel = 0.95;
/** Above the minimum effect, an effect of so many standard errors of tonight's noise stands on any host. */
export const noiseErrors = 3;

export interface Noise extends TwinNoise {
  readonly voids: boolean;
}

/**
 * The labelling test stays exact on a noisy host, and the bound that a pass needs uses tonight's own spread; so noise
 * alone voids nothing. It voids a failure when both hold: the two stable arms differ more than the calibrated noise
 * allows, and the effect is not clear of that noise either. Without the second condition a scale that is too small
 * for a fault scenario would hide real regressions behind "noisy host".
 */
export function noiseOf({ expectation, trialSd }: MetricCase, { blocks, interval }: AtLook): Noise {
  const noise = twinNoise(blocks, trialSd, noiseLevel);
  const error = (noise.sd * contrastOverTrial) / Math.sqrt(blocks.length);
  const clear = interval.mean - Math.log1p(expectation.minimumEffect) > noiseErrors * error;
  return { ...noise, voids: noise.ratio > noise.limit && !clear };
}
