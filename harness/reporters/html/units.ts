/** Numbers with their units, as the page shows them. */
import type { Metric } from '../../../scenarios/scenario.ts';

interface MetricWords {
  readonly title: string;
  readonly unit: 'ms' | '%';
  /** From the metric's own unit to the shown one. */
  readonly factor: number;
}

/** A metric that is not named here does not compile. */
export const metricWords: Readonly<Record<Metric, MetricWords>> = {
  'latency-p99': { title: '99th percentile of the latency', unit: 'ms', factor: 1 },
  'error-share': { title: 'Share of requests not served rightly', unit: '%', factor: 100 },
  'write-visible-delay': {
    title: 'Median delay from a config write until every worker serves it',
    unit: 'ms',
    factor: 1,
  },
};

/** Three significant digits; whole numbers from a hundred on. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '?';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** `0.5×`: the canary's value over stable's. */
export function times(ratio: number): string {
  return `${number(ratio)}×`;
}
