/**
 * After the last heal every worker must serve the last written state within the scenario's time. What was awaited then leaves
 * out the ballast; of routes that nobody has written since the start the final reads say whether they are all still there.
 */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { History } from '../../model/history.ts';
import { pointer, startOf, type Of } from '../history.ts';
import { lastReads, type LastRead } from './last-reads.ts';
import type { Oracle } from './oracle.ts';
import { acceptable, routeStates } from '../write-operations.ts';

/** Only what was seen since the settling began counts: the route table is also awaited before the trial. */
export const converge: Oracle = {
  breaks: 'does not catch up with its configuration in time',
  counted: (count) =>
    count === '0'
      ? 'it converged, but only after the allowed time'
      : `${count} ${count === '1' ? 'route was' : 'routes were'} not up to date on some worker when the time after the heal was over`,
  check(trial, scenario) {
    const { history } = trial;
    const healed = startOf(history, 'settle');
    if (healed === undefined) return { state: 'cannot-tell', why: 'the settling never started' };
    const withinMs = milliseconds(scenario.convergeWithin);
    const index = history.findIndex((o) => o.kind === 'converged' && o.atMs >= healed);
    const converged = history[index] as Of<'converged'> | undefined;
    if (converged !== undefined && !(converged.reads > 0 && Number.isFinite(converged.afterHealMs)))
      return { state: 'cannot-tell', why: 'convergence was recorded without a read or without a time' };
    const inTime = converged !== undefined && converged.afterHealMs <= withinMs;
    const stale = staleReads(history, healed, inTime);
    if (inTime && stale.length === 0) return { state: 'held' };
    const pointers = stale.map(({ read, index: line }) =>
      pointer(trial, line, `worker ${read.worker} still serves ${read.got ?? 'nothing'} for ${read.route}`),
    );
    const count = new Set(stale.map(({ read }) => read.route)).size;
    if (converged !== undefined && !inTime) {
      const late = `converged ${converged.afterHealMs} ms after the heal, allowed are ${withinMs} ms`;
      return { state: 'breached', count, pointers: [pointer(trial, index, late), ...pointers] };
    }
    if (count === 0)
      return { state: 'cannot-tell', why: 'neither convergence nor a stale route was seen after the heal' };
    return { state: 'breached', count, pointers };
  },
};

/** What the workers served wrongly in their last reads; only of routes that were never written, with `unwritten`. */
function staleReads(history: History, since: number, unwritten: boolean): readonly LastRead[] {
  const states = routeStates(history);
  return lastReads(history, ['converge', 'final'], since)
    .filter(({ read }) => !unwritten || !states.has(read.route))
    .filter(({ read }) => read.got !== 'error' && !acceptable(states.get(read.route), read));
}
