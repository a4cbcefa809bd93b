/** The config writes of a trial as Jepsen-style operations, and the states of each route that they allow. */
import type { History, Seq } from '../model/history.ts';

export interface WriteOperation {
  readonly route: string;
  readonly seq: Seq;
  readonly invokedAtMs: number;
  /** Index of the line in the history that ended it, or that invoked it when nothing ended it. */
  readonly index: number;
  /** An invocation without an end is `unknown`: etcd may have committed it. */
  readonly outcome: 'ok' | 'fail' | 'unknown';
  readonly revision?: string;
  /** Whether it only repeats what was acknowledged before. */
  readonly again: boolean;
}

/** All writes in the order in which they ended. Each route has one writer, so its operations never overlap. */
export function writeOperations(history: History): readonly WriteOperation[] {
  const done: WriteOperation[] = [];
  const open = new Map<string, WriteOperation>();
  history.forEach((o, index) => {
    if (o.kind !== 'write') return;
    const pending = open.get(o.route);
    const again = o.again === true;
    if (o.edge === 'invoke') {
      if (pending !== undefined) done.push(pending);
      open.set(o.route, { route: o.route, seq: o.seq, invokedAtMs: o.atMs, index, outcome: 'unknown', again });
      return;
    }
    open.delete(o.route);
    const revision = o.revision === undefined ? {} : { revision: o.revision };
    const invokedAtMs = pending?.invokedAtMs ?? o.atMs;
    done.push({ route: o.route, seq: o.seq, invokedAtMs, index, outcome: o.edge, again, ...revision });
  });
  return [...done, ...open.values()];
}

export interface RouteState {
  /** The last write that etcd acknowledged. Undefined when there is none: then nothing is known but the unknowns. */
  readonly lastOk: WriteOperation | undefined;
  /** What the writes after it may have left behind. */
  readonly perhaps: readonly Seq[];
}

/** The state of every written route at the end of the trial. */
export function routeStates(history: History): ReadonlyMap<string, RouteState> {
  const states = new Map<string, RouteState>();
  for (const write of writeOperations(history)) {
    const state = states.get(write.route) ?? { lastOk: undefined, perhaps: [] };
    if (write.outcome === 'ok') states.set(write.route, { lastOk: write, perhaps: [] });
    if (write.outcome === 'unknown') states.set(write.route, { ...state, perhaps: [...state.perhaps, write.seq] });
    if (write.outcome === 'fail') states.set(write.route, state);
  }
  return states;
}

/**
 * Whether a read is acceptable: the last acknowledged state, or one that a write of unknown outcome may have left.
 * A route without an acknowledged write is held against what the reader expected.
 */
export function acceptable(
  state: RouteState | undefined,
  read: { readonly expected: Seq; readonly got: Seq | 'error' },
): boolean {
  if (read.got === 'error') return false;
  const known = state?.lastOk === undefined ? read.expected : state.lastOk.seq;
  return read.got === known || (state?.perhaps.includes(read.got) ?? false);
}
