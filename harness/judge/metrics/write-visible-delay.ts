/** Median time from a config write to the moment when every worker has served it. */
import { quantileSorted } from 'simple-statistics';
import type { History } from '../../model/history.ts';
import { endOf, startOf } from '../history.ts';
import { writeOperations } from '../write-operations.ts';
import { noData, type MetricDefinition } from './metric.ts';

const quantile = 0.5;
/** Delays below this are probe resolution; ln 0 would swallow every other trial. */
const floorMs = 1;

/**
 * y = ln of the median over the acknowledged writes invoked since the fault began. A write that was never seen on
 * every worker is censored at the end of the trial and kept as the largest value. When the median itself is such a
 * value, the trial's number is only a lower bound: it still counts against a canary, but cannot earn it a pass.
 */
export const writeVisibleDelay: MetricDefinition = {
  noun: 'median delay until a config write is served everywhere',
  unit: 'ms',
  trialSd: 0.2,
  constants: { 'write-visible-delay.quantile': quantile, 'write-visible-delay.floorMs': floorMs },
  record: 'history.ndjson',
  censoredMeans: 'most config writes were never served everywhere by the canary, so its delay is only a lower bound',
  measure({ history }) {
    const from = startOf(history, 'fault');
    if (from === undefined) return noData('the fault phase never started');
    const seen = visibleDelays(history);
    const changes = writeOperations(history).filter(({ again }) => !again);
    const writes = changes.filter((w) => w.outcome === 'ok' && w.invokedAtMs >= from);
    if (writes.length === 0) return noData('no config write was acknowledged since the fault began');
    const end = endOf(history);
    const delays = writes.flatMap((write) => seen.get(key(write)) ?? []);
    if (!delays.every((delay) => Number.isFinite(delay) && delay >= 0)) return noData('a delay is not a number');
    const largest = delays.reduce((a, b) => Math.max(a, b), 0);
    const censored = writes
      .filter((write) => !seen.has(key(write)))
      .map(({ invokedAtMs }) => Math.max(end - invokedAtMs, largest));
    const sorted = [...delays.toSorted((a, b) => a - b), ...censored.toSorted((a, b) => a - b)];
    const value = Math.max(floorMs, quantileSorted(sorted, quantile));
    // The middle, or the upper of the two middle values, is a write that nobody saw.
    const isCensored = Math.floor(sorted.length * quantile) >= delays.length;
    return { state: 'measured', y: Math.log(value), value, censored: isCensored };
  },
};

function visibleDelays(history: History): ReadonlyMap<string, number> {
  return new Map(history.flatMap((o) => (o.kind === 'visible' ? [[key(o), o.delayMs] as const] : [])));
}

function key(write: { readonly route: string; readonly seq: number | null }): string {
  return JSON.stringify([write.route, write.seq]);
}
