/** Quantiles of the latency from the intended send. */
import { build, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { PhaseLatency } from '../../model/evidence.ts';
import { faultAndSettle } from './fault-window.ts';
import { exactly, noData, noPower, type Measured, type MetricDefinition } from './metric.ts';

/** Fewer requests beyond the quantile than this, and one burst decides it. */
const tailRequests = 100;

/** y = ln q̂ of the merged histograms. The histograms are in microseconds, the value is in milliseconds. */
export function quantileOver(phases: readonly PhaseLatency[], quantile: number): Measured {
  if (phases.length === 0) return noData('no latency was recorded in the phases that are compared');
  const merged = build({ lowestDiscernibleValue: 1, highestTrackableValue: 2, autoResize: true });
  for (const { histogram } of phases) merged.add(decodeFromCompressedBase64(histogram, 32, false));
  const count = merged.totalCount;
  if (count === 0) return noData('no request was answered in the phases that are compared');
  // Rounded, because 10 000 · (1 − 0.99) is 100.00000000000009 in floating point, and for other counts below.
  if (Math.round(count * (1 - quantile) * 1e6) / 1e6 < tailRequests)
    return noPower(`${count} requests, of ${Math.round(tailRequests / (1 - quantile))} that its tail needs`);
  const value = merged.getValueAtPercentile(quantile * 100) / 1000;
  return value > 0 ? exactly(Math.log(value), value) : noData('the histogram holds no positive latency');
}

function latency(name: string, noun: string, quantile: number, trialSd: number): MetricDefinition {
  return {
    noun,
    unit: 'ms',
    trialSd,
    constants: { [`${name}.quantile`]: quantile, [`${name}.tailRequests`]: tailRequests },
    record: 'latency.json',
    measure: (trial) => quantileOver(faultAndSettle(trial), quantile),
  };
}

/** Measured: 32 fresh deployments of one forwarder on two cores, 0.018 at 500 and 0.055 at 2000 requests a second. */
export const latencyP50: MetricDefinition = latency('latency-p50', 'median of the latency', 0.5, 0.06);

/** Measured likewise: 0.123 and 0.129. */
export const latencyP99: MetricDefinition = latency('latency-p99', '99th percentile of the latency', 0.99, 0.13);
