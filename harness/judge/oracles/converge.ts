/** After the last heal every worker must serve the last written state within the scenario's time. */
import { milliseconds } from '../../../scenarios/duration.ts';
import { pointer, type Of } from '../history.ts';
import { lastReads } from './last-reads.ts';
import type { Oracle } from './oracle.ts';
import { acceptable, routeStates } from './write-operations.ts';

export const converge: Oracle = {
  breaks: 'does not catch up with its configuration in time',
  counted: (count) => `${count} routes on some worker were not up to date when the time after the heal was over`,
  check(trial, scenario) {
    const { history } = trial;
    const withinMs = milliseconds(scenario.convergeWithin);
    const converged = history.findIndex((o) => o.kind === 'converged' && Number.isFinite(o.afterHealMs));
    const observation = history[converged] as Of<'converged'> | undefined;
    if (observation !== undefined && observation.reads === 0)
      return { state: 'cannot-tell', why: 'convergence was recorded without a single read' };
    if (observation !== undefined && observation.afterHealMs <= withinMs) return { state: 'held' };
    const states = routeStates(history);
    const reads = lastReads(history, ['converge', 'final']);
    const stale = reads.filter(({ read }) => read.got !== 'error' && !acceptable(states.get(read.route), read));
    const pointers = stale.map(({ read, index }) =>
      pointer(trial, index, `worker ${read.worker} still serves ${read.got ?? 'nothing'} for ${read.route}`),
    );
    if (observation !== undefined) {
      const late = `converged ${observation.afterHealMs} ms after the heal, allowed are ${withinMs} ms`;
      return {
        state: 'breached',
        count: lateRoutes(history),
        pointers: [pointer(trial, converged, late), ...pointers],
      };
    }
    if (stale.length === 0)
      return { state: 'cannot-tell', why: 'neither convergence nor a stale route was seen after the heal' };
    return { state: 'breached', count: new Set(stale.map(({ read }) => read.route)).size, pointers };
  },
};

/** Routes that some read before convergence still found out of date; at least one, or it would not have been late. */
function lateRoutes(history: Parameters<typeof routeStates>[0]): number {
  const stale = history.flatMap((o) =>
    o.kind === 'read' && o.purpose === 'converge' && o.got !== o.expected ? [o.route] : [],
  );
  return Math.max(1, new Set(stale).size);
}
