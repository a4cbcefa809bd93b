/** Time from the last heal until every worker serves all that was written during the fault. */
import { writeOperations } from '../write-operations.ts';
import { endOf, startOf } from '../history.ts';
import { noData, type MetricDefinition } from './metric.ts';

/** Sooner than this is at once: what is left is when the last write happened to be, not how a build recovers. */
const floorMs = 100;

/**
 * y = ln of the time between the heal and the last first sight of an acknowledged write of the fault phase. When one was
 * never seen, the trial's number is the time until its end, and only a lower bound.
 */
export const recoveryTime: MetricDefinition = {
  noun: 'time from the heal until everything written during the fault is served',
  unit: 'ms',
  // Not measured yet.
  trialSd: 0.3,
  constants: { 'recovery-time.floorMs': floorMs },
  record: 'history.ndjson',
  censoredMeans: 'not all that was written during the fault was served by the canary when the trial ended',
  measure({ history }) {
    const [fault, healed] = [startOf(history, 'fault'), startOf(history, 'settle')];
    if (fault === undefined || healed === undefined) return noData('the fault or the settling never started');
    const during = writeOperations(history).filter(
      ({ outcome, invokedAtMs }) => outcome === 'ok' && invokedAtMs >= fault && invokedAtMs < healed,
    );
    if (during.length === 0) return noData('no config write was acknowledged during the fault');
    const seenAt = new Map(history.flatMap((o) => (o.kind === 'visible' ? [[`${o.route} ${o.seq}`, o.atMs]] : [])));
    const times = during.map(({ route, seq }) => seenAt.get(`${route} ${seq}`));
    const censored = times.includes(undefined);
    const last = censored ? endOf(history) : Math.max(...times.flatMap((atMs) => atMs ?? []));
    if (!Number.isFinite(last)) return noData('a time stamp is not a number');
    const value = Math.max(floorMs, last - healed);
    return { state: 'measured', y: Math.log(value), value, censored };
  },
};
