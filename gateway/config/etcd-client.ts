/**
 * etcd as the sync loop needs it: one consistent snapshot of a prefix, and one raw watch. Unary calls go through
 * npm `etcd3`; the watch does not, because etcd3's watcher advances its revision by the `created` header and so loses
 * what was written while it was away.
 */
import { Etcd3 } from 'etcd3';
import { type EtcdAccess, unaryOptions } from './etcd-access.ts';
import { endOf, keyText, positionOf } from './etcd-words.ts';
import { connectWatches } from './raw-watch.ts';
import type { Item } from './store.ts';

/** Where in etcd's history something was read. */
export interface Position {
  readonly revision: bigint;
  readonly clusterId: string;
  readonly raftTerm: bigint;
}

export interface Snapshot {
  readonly position: Position;
  readonly items: readonly Item[];
}

/** One watch response, fragments already joined. */
export interface WatchMessage {
  readonly kind: 'created' | 'events' | 'progress' | 'canceled';
  readonly position: Position;
  readonly items: readonly Item[];
  /** With `canceled`: the revision up to which etcd has compacted, 0 when that was not the reason. */
  readonly compactRevision: bigint;
  readonly reason: string;
}

export interface EtcdClient {
  snapshot(prefix: string): Promise<Snapshot>;
  /** The store's revision now, whatever the prefix. */
  revision(): Promise<bigint>;
  /** Ends when etcd, the connection or `signal` ends it; a lost connection throws. */
  watch(prefix: string, fromRevision: bigint, signal: AbortSignal): AsyncIterable<WatchMessage>;
  close(): void;
}

/** Keys of one page: what etcd must hold in memory for one reply, and what one turn of our event loop decodes. */
const pageSize = 500;
export function connectEtcd(access: EtcdAccess): EtcdClient {
  const unary = new Etcd3(unaryOptions(access));
  const watches = connectWatches(access);
  return {
    snapshot: (prefix) => snapshot(unary, prefix),
    async revision() {
      // Any key will do, and one that is not there costs the least.
      const { header } = await unary.get('\0').exec();
      return BigInt(header.revision);
    },
    watch: watches.watch,
    close() {
      unary.close();
      watches.close();
    },
  };
}

/** Pages of the prefix, all read at the revision of the first, so that together they are one moment. */
async function snapshot(client: Etcd3, prefix: string): Promise<Snapshot> {
  const end = endOf(prefix);
  const items: Item[] = [];
  let position: Position | undefined;
  for (let start = Buffer.from(prefix); ;) {
    const request = client.getAll().inRange({ start, end }).limit(pageSize);
    if (position !== undefined) request.revision(position.revision.toString());
    const { header, kvs, more } = await request.exec();
    position ??= positionOf(header);
    for (const { key, value, mod_revision } of kvs) {
      items.push({ key: keyText(key), value, modRevision: BigInt(mod_revision) });
    }
    const last = kvs.at(-1);
    if (!more || last === undefined) return { position, items };
    // Bytes, not text: a key that is no UTF-8 would come back changed, and the same page for ever.
    start = Buffer.concat([last.key, Buffer.of(0)]);
  }
}
