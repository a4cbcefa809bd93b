/** Carries what the sync loop delivers into the route table, and tells of it: log, metrics, status. */
import { setImmediate as requestsFirst } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ConfigChange } from '../config/config-objects.ts';
import type { Item, Refusal, Store, Taken } from '../config/store.ts';
import type { SyncObserver } from '../etcd/sync-loop.ts';
import type { Position } from '../etcd/words.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { Told } from './worker-state.ts';

/** So many items are read and checked, in less than a millisecond, before requests have their turn. */
const piece = 10;
/** Of more bad items than this only the number is shown: the state is sent at every change. */
const shownRejections = 100;

export interface Follower {
  readonly store: Store;
  /** Takes what has changed into force. */
  readonly apply: (changes: readonly ConfigChange[]) => void;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly tell: (change: Told) => void;
  /** Called after each full read, when the route table holds it. */
  readonly synced: () => void;
}

export function followConfig({ store, apply, metrics, log, tell, synced }: Follower): SyncObserver<Item> {
  let interrupted = false;
  let rejectedBefore = 0;
  const carry = ({ changes, refusals }: Taken, position: Position, started: number): void => {
    if (changes.length > 0) apply(changes);
    metrics.configApplied(position.revision, changes.length, (performance.now() - started) / 1_000);
    const revision = position.revision.toString();
    for (const refusal of refusals) log.warn({ ...refusal, revision }, 'bad configuration item skipped');
    const { rejected } = store;
    if (refusals.length > 0 || rejected.size !== rejectedBefore) {
      rejectedBefore = rejected.size;
      metrics.configRejected(rejected.size);
      tell({ rejected: Object.fromEntries(rejected.entries().take(shownRejections)), rejectedTotal: rejected.size });
    }
    const counts = { routes: store.count('route'), upstreams: store.count('upstream') };
    tell({ revision, clusterId: position.clusterId, ...counts });
  };
  return {
    replaced(items: readonly Item[], position) {
      const started = performance.now();
      carry(store.replace(items), position, started);
      metrics.relisted();
      log.info({ items: items.length, revision: position.revision.toString() }, 'configuration read in full');
      synced();
    },
    async applied(items, position) {
      const started = performance.now();
      carry(await inPieces(items, store), position, started);
    },
    state(state, why) {
      metrics.syncState(state);
      tell({ syncState: state, syncDetail: why });
      // One line when it begins and one when it is over, however often it is tried in between.
      if (state === 'waiting' && !interrupted) {
        log.warn({ why }, 'configuration sync is interrupted; the last good configuration stays in force');
        interrupted = true;
      } else if (state === 'watching' && interrupted) {
        log.info({ why }, 'configuration sync goes on');
        interrupted = false;
      }
    },
    watchEnded: (end) => metrics.watchEnded(end),
  };
}

/** Reads a large batch bit by bit. What it changes comes into force at once: half a transaction must never be. */
async function inPieces(items: readonly Item[], store: Store): Promise<Taken> {
  const changes: ConfigChange[] = [];
  const refusals: Refusal[] = [];
  for (let first = 0; first < items.length; first += piece) {
    if (first > 0) await requestsFirst();
    const taken = store.apply(items.slice(first, first + piece));
    changes.push(...taken.changes);
    refusals.push(...taken.refusals);
  }
  return { changes, refusals };
}
