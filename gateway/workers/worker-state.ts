/** What a worker tells the master of itself; the master shows it on `/status/ready`. */
import type { SyncState } from '../etcd/sync-loop.ts';

export interface WorkerState {
  readonly ready: boolean;
  readonly revision: string;
  readonly clusterId: string;
  readonly routes: number;
  readonly upstreams: number;
  readonly syncState: SyncState;
  readonly syncDetail: string;
  /** Key → reason, of the first hundred; `rejectedTotal` counts them all. */
  readonly rejected: Readonly<Record<string, string>>;
  readonly rejectedTotal: number;
}

/** What a worker knows by itself; whether it is ready follows from it. */
export type Told = Partial<Omit<WorkerState, 'ready'>>;

/** Sends the state when it changed, at most once a turn of the event loop. */
export function stateTeller(listening: () => boolean): (change: Told) => void {
  let state: Omit<WorkerState, 'ready'> = {
    revision: '0',
    clusterId: '',
    routes: 0,
    upstreams: 0,
    syncState: 'listing',
    syncDetail: '',
    rejected: {},
    rejectedTotal: 0,
  };
  let due = false;
  const send = (): void => {
    due = false;
    // Ready means served from etcd at least once; a later outage does not take the last good configuration away.
    const ready = listening() && state.clusterId !== '';
    if (process.connected) process.send?.({ kind: 'state', state: { ...state, ready } satisfies WorkerState });
  };
  return (change) => {
    state = { ...state, ...change };
    if (!due) setImmediate(send);
    due = true;
  };
}
