/** The table of metrics: a metric without a definition does not compile. */
import type { Metric } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { coldStartTime } from './cold-start-time.ts';
import { cpuPerRequest } from './cpu-per-request.ts';
import { errorShare, staleShare } from './error-share.ts';
import { etcdConnections } from './etcd-connections.ts';
import { etcdBytesPerChange, etcdRequestsPerChange } from './etcd-per-change.ts';
import { errorFaultEffect, p50FaultEffect, p99FaultEffect } from './fault-effect.ts';
import { latencyP50, latencyP99 } from './latency.ts';
import { noData, type Measured, type MetricDefinition } from './metric.ts';
import { recoveryTime } from './recovery-time.ts';
import { rssSlope } from './rss-slope.ts';
import { stallGrowth } from './stall-growth.ts';
import { writeVisibleDelay } from './write-visible-delay.ts';

export const metrics: { readonly [K in Metric]: MetricDefinition } = {
  'latency-p50': latencyP50,
  'latency-p99': latencyP99,
  'error-share': errorShare,
  'stale-share': staleShare,
  'latency-p50-fault-effect': p50FaultEffect,
  'latency-p99-fault-effect': p99FaultEffect,
  'error-share-fault-effect': errorFaultEffect,
  'write-visible-delay': writeVisibleDelay,
  'recovery-time': recoveryTime,
  'cold-start-time': coldStartTime,
  'cpu-per-request': cpuPerRequest,
  'rss-slope': rssSlope,
  'stall-growth': stallGrowth,
  'etcd-requests-per-change': etcdRequestsPerChange,
  'etcd-bytes-per-change': etcdBytesPerChange,
  'etcd-connections': etcdConnections,
};

/** Measures one trial. A record that cannot be read is no data, and so is a number that is none. */
export function measure(metric: Metric, trial: TrialEvidence): Measured {
  try {
    const measured = metrics[metric].measure(trial);
    return measured.state === 'missing' || Number.isFinite(measured.y) ? measured : noData('it is no finite number');
  } catch (error) {
    return noData(`the record cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
