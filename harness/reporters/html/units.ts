/** Numbers with their units, as the page shows them. */
import type { Metric } from '../../../scenarios/scenario.ts';

interface MetricWords {
  readonly title: string;
  readonly unit: string;
  /** From the metric's own unit to the shown one. */
  readonly factor: number;
}

const ratio = { unit: 'times its own baseline', factor: 1 } as const;

/** A metric that is not named here does not compile. */
export const metricWords: Readonly<Record<Metric, MetricWords>> = {
  'latency-p50': { title: 'Median of the latency', unit: 'ms', factor: 1 },
  'latency-p99': { title: '99th percentile of the latency', unit: 'ms', factor: 1 },
  'error-share': { title: 'Share of requests not served rightly', unit: '%', factor: 100 },
  'stale-share': { title: 'Share of requests answered by a lost or older configuration', unit: '%', factor: 100 },
  'latency-p50-fault-effect': { title: 'What the fault does to the median of the latency', ...ratio },
  'latency-p99-fault-effect': { title: 'What the fault does to the 99th percentile of the latency', ...ratio },
  'error-share-fault-effect': { title: 'What the fault does to the share of requests not served rightly', ...ratio },
  'write-visible-delay': {
    title: 'Median delay from a config write until every worker serves it',
    unit: 'ms',
    factor: 1,
  },
  'recovery-time': {
    title: 'Time from the heal until everything written during the fault is served',
    unit: 'ms',
    factor: 1,
  },
  'cold-start-time': {
    title: 'Time from a cold start until every worker serves the whole table',
    unit: 'ms',
    factor: 1,
  },
  'cpu-per-request': { title: 'Processor time of the gateway per request', unit: 'µs', factor: 1 },
  'rss-slope': { title: 'Growth of the resident memory per 1000 config changes', unit: 'MiB', factor: 1 },
  'stall-growth': { title: 'Growth of the longest stall with each doubling of the table', unit: 'times', factor: 1 },
  'etcd-requests-per-change': { title: 'Requests to etcd per config change', unit: 'requests', factor: 1 },
  'etcd-bytes-per-change': { title: 'Read from etcd per config change', unit: 'KiB', factor: 1 },
  'etcd-connections': { title: 'Connections opened to etcd', unit: 'connections', factor: 1 },
};

/** Units whose short form would be hard to read under an axis. */
const inFull: Readonly<Record<string, string>> = { ms: 'milliseconds', '%': 'per cent' };

export function unitInFull(unit: string): string {
  return inFull[unit] ?? unit;
}

/** Three significant digits; whole numbers from a hundred on. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** `0.5×`: the canary's value over stable's. */
export function times(ratio: number): string {
  return `${number(ratio)}×`;
}
