/** How long a gateway that starts from nothing needs until every worker serves the whole table: from the cold tail of a trial. */
import { endOf } from '../history.ts';
import { noData, type MetricDefinition } from './metric.ts';

/** Sooner than this is at once: the probe reads again every 25 ms. */
const floorMs = 100;

/**
 * y = ln of the time between the order to start again, after the kill of the whole gateway, and the convergence of all
 * workers. When that never came, the trial's number is the time until its end, and only a lower bound.
 */
export const coldStartTime: MetricDefinition = {
  noun: 'time from a cold start until every worker serves the whole table',
  unit: 'ms',
  // Not measured yet.
  trialSd: 0.3,
  constants: { 'cold-start-time.floorMs': floorMs },
  record: 'history.ndjson',
  censoredMeans: 'not every worker served the whole table when the trial ended',
  measure({ history }) {
    const tail = history.findIndex((o) => o.kind === 'phase' && o.phase === 'tail');
    if (tail < 0) return noData('the trial has no cold tail');
    const from = history.findLastIndex(
      (o) => o.kind === 'fault' && o.edge === 'heal' && o.fault.kind === 'gateway.kill' && o.fault.target === 'gateway',
    );
    const started = history[from];
    if (started === undefined || from < tail) return noData('the gateway was not started again in the cold tail');
    const converged = history.slice(from).find(({ kind }) => kind === 'converged');
    const elapsed = (converged?.atMs ?? endOf(history)) - started.atMs;
    if (!Number.isFinite(elapsed)) return noData('a time stamp is not a number');
    const value = Math.max(floorMs, elapsed);
    return { state: 'measured', y: Math.log(value), value, censored: converged === undefined };
  },
};
