/** How much each metric varies between trials of one build: as calibrated on the host, else built in. */
import type { Metric } from '../../scenarios/scenario.ts';
import type { Plan } from '../model/plan.ts';
import { metrics } from './metrics/index.ts';

/** What a plan froze before the session; undefined when no calibration was at hand. */
export type Scales = Plan['calibration'];

/** Standard deviation of y between trials. A metric that the calibration could not measure keeps its built-in one. */
export function scaleOf(scales: Scales, scenario: string, metric: Metric): number {
  return scales?.scales[scenario]?.[metric] ?? metrics[metric].trialSd;
}

/** Where they are from, as the verdict states it. */
export function sourceOf(scales: Scales): string {
  return scales === undefined ? 'built-in' : `calibration ${scales.hash.slice(0, 16)}`;
}
