/** The table of metrics: a metric without a definition does not compile. */
import type { Metric } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { errorShare } from './error-share.ts';
import { latencyP99 } from './latency-p99.ts';
import { noData, type Measured, type MetricDefinition } from './metric.ts';
import { writeVisibleDelay } from './write-visible-delay.ts';

export const metrics: { readonly [K in Metric]: MetricDefinition } = {
  'latency-p99': latencyP99,
  'error-share': errorShare,
  'write-visible-delay': writeVisibleDelay,
};

/** Measures one trial. A record that cannot be read is no data. */
export function measure(metric: Metric, trial: TrialEvidence): Measured {
  try {
    return metrics[metric].measure(trial);
  } catch (error) {
    return noData(`the record cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
