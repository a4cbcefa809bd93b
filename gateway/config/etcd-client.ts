/**
 * etcd as the sync loop needs it: one consistent snapshot of a prefix, and one raw watch. Unary calls go through
 * npm `etcd3`; the watch does not, because etcd3's watcher advances its revision by the `created` header and so loses
 * what was written while it was away.
 */
import { Etcd3 } from 'etcd3';
import { type EtcdAccess, unaryOptions } from '../etcd/access.ts';
import { connectWatches } from '../etcd/raw-watch.ts';
import { readSnapshot } from '../etcd/snapshot.ts';
import type { SyncSource, WatchMessage } from '../etcd/sync-loop.ts';
import type { RawEvent } from '../etcd/rpc.ts';
import { keyText, positionOf, rangeOf } from '../etcd/words.ts';
import type { Item } from './store.ts';

export interface EtcdClient {
  /** What the sync loop follows. The prefix has its trailing slash, so that a neighbour such as `/apisix3` is not read. */
  source(prefix: string): SyncSource<Item>;
  close(): void;
}

export function connectEtcd(access: EtcdAccess): EtcdClient {
  const unary = new Etcd3(unaryOptions(access));
  const watches = connectWatches(access);
  return {
    source: (prefix) => ({
      async position() {
        // Of the prefix, as our user may be one who is let into nothing else; and one that is not there costs the least.
        const { header } = await unary.get(prefix).exec();
        return positionOf(header);
      },
      async snapshot() {
        const credentials = await watches.credentials();
        const { position, items } = await readSnapshot(watches.client, rangeOf(prefix), credentials);
        return { position, items: items.map((kv) => itemOf({ kv })) };
      },
      watch: (from, signal) => items(watches.watch(rangeOf(prefix), from, signal)),
      revisionOf: ({ modRevision }) => modRevision,
    }),
    close() {
      unary.close();
      watches.close();
    },
  };
}

async function* items(messages: AsyncIterable<WatchMessage<RawEvent>>): AsyncIterable<WatchMessage<Item>> {
  for await (const message of messages) yield { ...message, items: message.items.map(itemOf) };
}

function itemOf({ type, kv }: RawEvent): Item {
  const value = type === 'Delete' ? undefined : (kv.value ?? Buffer.alloc(0));
  return { key: keyText(kv.key), value, modRevision: BigInt(kv.mod_revision) };
}
