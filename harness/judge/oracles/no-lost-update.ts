/** No acknowledged config write may be lost: a worker that went past a write's revision must serve the write. */
import { allWorkers } from '../../../scenarios/all-workers.ts';
import { type Part, faultAt, partsOf, pointer, turnsAt } from '../history.ts';
import { gapIn, lastReads, type LastRead } from './last-reads.ts';
import type { Oracle } from './oracle.ts';
import { faultWords } from './fault-words.ts';
import { acceptable, routeStates, type RouteState, type WriteOperation } from '../write-operations.ts';

interface Lost extends LastRead {
  readonly write: WriteOperation;
}

/**
 * A final read is a loss when the worker serves a state of the route that is not acceptable, although it rightly
 * serves another route whose last write has a higher revision: its synchronisation is alive and went past the lost
 * write. Without such a route the worker is merely behind, which is the matter of `converge`.
 */
export const noLostUpdate: Oracle = {
  breaks: 'loses configuration for good',
  counted: (count, during) =>
    count === '1'
      ? `1 route change written ${faultWords(during)} is still not served at the end`
      : `${count} route changes written ${faultWords(during)} are still not served at the end`,
  check(trial, scenario) {
    const { history } = trial;
    const looks = partsOf(history).map(lookAt);
    const lost = looks.flatMap((look) => look.lost);
    if (lost.length === 0) {
      const why = looks.map((look) => gapOf(look, allWorkers(scenario))).find((gap) => gap !== undefined);
      return why === undefined ? { state: 'held' } : { state: 'cannot-tell', why };
    }
    const moments = lost.map(({ write }) => write.invokedAtMs);
    const kinds = new Set(moments.map((atMs) => faultAt(history, atMs)));
    const [during] = kinds;
    return {
      state: 'breached',
      count: new Set(lost.map(({ read }) => read.route)).size,
      ...(kinds.size === 1 && during !== undefined ? { during, turns: turnsAt(history, moments) } : {}),
      pointers: lost.flatMap(({ read, index, write }) => [
        pointer(
          trial,
          index,
          `worker ${read.worker} serves ${read.got ?? 'nothing'} for ${read.route}, expected ${write.seq ?? 'nothing'}`,
        ),
        pointer(trial, write.index, `etcd acknowledged ${read.route} at revision ${write.revision ?? '?'}`),
      ]),
    };
  },
};

interface Look {
  readonly states: ReadonlyMap<string, RouteState>;
  readonly reads: readonly LastRead[];
  readonly lost: readonly Lost[];
}

function lookAt({ history, since }: Part): Look {
  const states = routeStates(history);
  const reads = lastReads(history, ['final'], since);
  return { states, reads, lost: lostReads(reads, states) };
}

/** Why nothing is known from these final reads; undefined when it is. */
function gapOf({ states, reads }: Look, workers: number): string | undefined {
  const written = [...states].flatMap(([route, { lastOk }]) => (lastOk === undefined ? [] : [route]));
  if (written.length === 0) return 'no config write was acknowledged';
  const gap = gapIn(reads, written, workers);
  return gap === undefined ? undefined : `final reads: ${gap}`;
}

function lostReads(reads: readonly LastRead[], states: ReadonlyMap<string, RouteState>): readonly Lost[] {
  const passed = new Map<string, bigint>();
  for (const { read } of reads) {
    const revision = revisionOf(states.get(read.route));
    if (revision === undefined || !acceptable(states.get(read.route), read)) continue;
    if (revision > (passed.get(read.worker) ?? -1n)) passed.set(read.worker, revision);
  }
  return reads.flatMap((last) => {
    const state = states.get(last.read.route);
    const revision = revisionOf(state);
    if (state?.lastOk === undefined || revision === undefined) return [];
    if (last.read.got === 'error' || acceptable(state, last.read)) return [];
    return (passed.get(last.read.worker) ?? -1n) > revision ? [{ ...last, write: state.lastOk }] : [];
  });
}

function revisionOf(state: RouteState | undefined): bigint | undefined {
  return state?.lastOk?.revision === undefined ? undefined : BigInt(state.lastOk.revision);
}
