/** A range of keys at one moment, read in pages. */
import type { Client, Metadata } from '@grpc/grpc-js';
import { type RawKeyValue, call, rpc } from './rpc.ts';
import type { Snapshot } from './sync-loop.ts';
import { type KeyRange, type Position, positionOf } from './words.ts';

/** Keys of one page: what etcd must hold in memory for one reply, and what one turn of our event loop decodes. */
const pageSize = 500;
/** For one page. Milliseconds. */
const pageMs = 10_000;

export interface SnapshotWishes {
  /** As it was then; without it, as it is now. Rejects when etcd never had that revision, or has it no more. */
  readonly revision?: bigint;
  /** Without the values. */
  readonly keysOnly?: boolean;
}

/** In the order of the keys; all pages are read at the revision of the first, so that together they are one moment. */
export async function readSnapshot(
  client: Client,
  { key: first, end }: KeyRange,
  credentials: Metadata,
  { revision: wanted, keysOnly = false }: SnapshotWishes = {},
): Promise<Snapshot<RawKeyValue>> {
  const items: RawKeyValue[] = [];
  let position: Position | undefined;
  for (let key = first; ;) {
    const revision = wanted ?? position?.revision;
    const request = {
      key,
      ...(end === undefined ? {} : { range_end: end }),
      limit: `${pageSize}`,
      ...(keysOnly ? { keys_only: true } : {}),
      ...(revision === undefined ? {} : { revision: `${revision}` }),
    };
    const { header = {}, kvs = [], more } = await call(client, rpc.range, request, credentials, pageMs);
    // That nothing is in it must not be taken for a cluster that was emptied.
    if (header.cluster_id === undefined) throw new Error('the answer names no cluster: it does not come from an etcd');
    position ??= positionOf(header);
    for (const kv of kvs) items.push(kv);
    const last = kvs.at(-1);
    if (more !== true || last === undefined) return { position, items };
    // Bytes, not text: a key that is no UTF-8 would come back changed, and the same page for ever.
    key = Buffer.concat([last.key, Buffer.of(0)]);
  }
}
