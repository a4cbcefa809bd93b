/**
 * After the last heal every worker must serve the last written state within the scenario's time. What was awaited then leaves
 * out the ballast; of routes that nobody has written since the start the final reads say whether they are all still there.
 */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import type { History } from '../../model/history.ts';
import { type Of, partsOf, pointer, startOf } from '../history.ts';
import { lastReads, type LastRead } from './last-reads.ts';
import type { Breach, Oracle, Outcome } from './oracle.ts';
import { acceptable, routeStates } from '../write-operations.ts';

/** Only what was seen since the settling began counts: the route table is also awaited before the trial. */
export const converge: Oracle = {
  breaks: 'does not catch up with its configuration in time',
  counted: (count) =>
    count === '0'
      ? 'it converged, but only after the allowed time'
      : `${count} ${count === '1' ? 'route was' : 'routes were'} not up to date on some worker when the time after the heal was over`,
  check(trial, scenario) {
    const [warm, tail] = partsOf(trial.history);
    const settled = afterSettling({ ...trial, history: warm?.history ?? [] }, milliseconds(scenario.convergeWithin));
    return settled.state === 'held' && tail !== undefined ? inTail(trial, tail.since) : settled;
  },
};

function afterSettling(trial: TrialEvidence, withinMs: number): Outcome {
  const { history } = trial;
  const healed = startOf(history, 'settle');
  if (healed === undefined) return { state: 'cannot-tell', why: 'the settling never started' };
  const index = history.findIndex((o) => o.kind === 'converged' && o.atMs >= healed);
  const converged = history[index] as Of<'converged'> | undefined;
  if (converged !== undefined && !(converged.reads > 0 && Number.isFinite(converged.afterHealMs)))
    return { state: 'cannot-tell', why: 'convergence was recorded without a read or without a time' };
  const inTime = converged !== undefined && converged.afterHealMs <= withinMs;
  const stale = staleReads(history, healed, inTime);
  if (inTime && stale.length === 0) return { state: 'held' };
  if (converged !== undefined && !inTime) {
    const late = `converged ${converged.afterHealMs} ms after the heal, allowed are ${withinMs} ms`;
    return breached(trial, stale, [pointer(trial, index, late)]);
  }
  if (stale.length === 0)
    return { state: 'cannot-tell', why: 'neither convergence nor a stale route was seen after the heal' };
  return breached(trial, stale);
}

/** Convergence is awaited after the full reads and the loss of a worker, and once more after the start from nothing. */
const convergencesInTail = 2;

/** Reads of before the second are no news of what it found: whoever was behind then is told. */
function inTail(trial: TrialEvidence, since: number): Outcome {
  const { history } = trial;
  const states = routeStates(history);
  const last = (['converge', 'final'] as const).flatMap((purpose) => lastReads(history, [purpose], since));
  const stale = last.filter(({ read }) => read.got !== 'error' && !acceptable(states.get(read.route), read));
  if (stale.length > 0) return breached(trial, stale);
  const converged = history.filter((o) => o.kind === 'converged' && o.atMs >= since).length;
  if (converged >= convergencesInTail) return { state: 'held' };
  return { state: 'cannot-tell', why: 'neither convergence nor a stale route was seen in the cold tail' };
}

function breached(trial: TrialEvidence, stale: readonly LastRead[], first: Breach['pointers'] = []): Breach {
  const pointers = stale.map(({ read, index: line }) =>
    pointer(trial, line, `worker ${read.worker} still serves ${read.got ?? 'nothing'} for ${read.route}`),
  );
  const count = new Set(stale.map(({ read }) => read.route)).size;
  return { state: 'breached', count, pointers: [...first, ...pointers] };
}

/** What the workers served wrongly in their last reads; only of routes that were never written, with `unwritten`. */
function staleReads(history: History, since: number, unwritten: boolean): readonly LastRead[] {
  const states = routeStates(history);
  return lastReads(history, ['converge', 'final'], since)
    .filter(({ read }) => !unwritten || !states.has(read.route))
    .filter(({ read }) => read.got !== 'error' && !acceptable(states.get(read.route), read));
}
