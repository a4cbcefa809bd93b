/** The gateway's config sync without the rest of it: what it would route by, and how it got there. */
import { openAccess } from './etcd.ts';
import { clean } from '../../gateway/seams.ts';
import { type Item, Store } from '../../gateway/config/store.ts';
import { type SyncState, type WatchEnd, syncLoop } from '../../gateway/etcd/sync-loop.ts';
import type { Mutant } from '../../gateway/mutants/mutant.ts';

export interface Follower extends AsyncDisposable {
  /** `kind/id` → the object in force, as JSON. */
  readonly table: ReadonlyMap<string, string>;
  readonly revision: bigint;
  readonly relists: number;
  readonly ends: readonly WatchEnd[];
  readonly states: readonly { readonly state: SyncState; readonly why: string; readonly at: number }[];
}

export interface FollowerOptions {
  readonly etcd: URL;
  /** Without a trailing slash. */
  readonly prefix: string;
  readonly watchTimeoutMs?: number;
  readonly mutant?: Mutant;
  /** Called after each delivery of a watch. */
  readonly onApplied?: (items: readonly Item[]) => void;
}

export function startFollower({ etcd, prefix, mutant, onApplied, ...options }: FollowerOptions): Follower {
  const seams = mutant?.wrap(clean) ?? clean;
  const client = seams.connectEtcd(openAccess(etcd));
  const store = new Store(prefix);
  const table = new Map<string, string>();
  const seen = { revision: 0n, relists: 0, ends: [] as WatchEnd[], states: [] as Follower['states'][number][] };
  const carry = ({ changes }: ReturnType<Store['apply']>): void => {
    for (const change of changes) {
      const key = `${change.kind}/${change.id}`;
      if (change.op === 'put') table.set(key, JSON.stringify(change.value));
      else table.delete(key);
    }
  };
  const policy = seams.resumePolicy({ client, clear: () => carry(store.replace([])) });
  const stop = new AbortController();
  const observer = {
    replaced(items: readonly Item[], { revision }: { revision: bigint }) {
      carry(store.replace(items));
      seen.relists++;
      seen.revision = revision;
    },
    applied(items: readonly Item[], { revision }: { revision: bigint }) {
      carry(store.apply(items));
      seen.revision = revision;
      onApplied?.(items);
    },
    state: (state: SyncState, why: string) => void seen.states.push({ state, why, at: performance.now() }),
    watchEnded: (end: WatchEnd) => void seen.ends.push(end),
  };
  const watchTimeoutMs = options.watchTimeoutMs ?? 60_000;
  const running = syncLoop({ source: client.source(`${prefix}/`), watchTimeoutMs, policy, observer }, stop.signal);
  return Object.assign(seen, {
    table,
    async [Symbol.asyncDispose]() {
      stop.abort();
      client.close();
      await running;
    },
  });
}
