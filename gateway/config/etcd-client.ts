/**
 * etcd as the sync loop needs it: one consistent snapshot of a prefix, and one raw watch. Unary calls go through
 * npm `etcd3`; the watch is the raw gRPC stream, because etcd3's watcher advances its revision by the `created` header
 * and so loses what was written while it was away.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  type ClientDuplexStream,
  type ServiceClientConstructor,
  credentials,
  loadPackageDefinition,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Etcd3 } from 'etcd3';
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

/** Keys of one page. Small enough for etcd's 4 MiB reply limit with values of the usual size. */
const pageSize = 500;
/** A unary call that takes longer has failed. */
const callTimeoutMs = 10_000;
/** A dead connection is noticed within 8 s; etcd refuses clients that ping more often than every 5 s. */
const channelOptions = {
  'grpc.keepalive_time_ms': 6_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.max_receive_message_length': -1,
  // grpc-js waits up to two minutes between attempts by itself: configuration must come back with etcd.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
};

interface Header {
  readonly cluster_id: string;
  readonly revision: string;
  readonly raft_term: string;
}

interface RawEvent {
  readonly type: 'Put' | 'Delete';
  readonly kv: { readonly key: Buffer; readonly value: Buffer; readonly mod_revision: string };
}

interface RawWatchResponse {
  readonly header: Header;
  readonly created: boolean;
  readonly canceled: boolean;
  readonly compact_revision: string;
  readonly cancel_reason: string;
  readonly fragment: boolean;
  readonly events: readonly RawEvent[];
}

type WatchStream = ClientDuplexStream<object, RawWatchResponse>;

const protoFolder = path.join(path.dirname(createRequire(import.meta.url).resolve('etcd3/package.json')), 'proto');
const definition = loadSync('rpc.proto', {
  includeDirs: [protoFolder],
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const WatchService = (
  loadPackageDefinition(definition)['etcdserverpb'] as unknown as { Watch: ServiceClientConstructor }
).Watch;

export function connectEtcd(address: URL): EtcdClient {
  const unary = new Etcd3({
    hosts: address.origin,
    grpcOptions: channelOptions,
    defaultCallOptions: () => ({ deadline: Date.now() + callTimeoutMs }),
  });
  const watches = new WatchService(address.host, credentials.createInsecure(), channelOptions);
  return {
    snapshot: (prefix) => snapshot(unary, prefix),
    async revision() {
      const { header } = await unary.getAll().inRange({ start: '\0', end: '\0' }).limit(1).exec();
      return BigInt(header.revision);
    },
    watch: (prefix, fromRevision, signal) => {
      const call = (watches as unknown as { Watch(): WatchStream }).Watch();
      return watch(call, prefix, fromRevision, signal);
    },
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
  for (let start = prefix; ;) {
    const request = client.getAll().inRange({ start, end }).limit(pageSize);
    if (position !== undefined) request.revision(position.revision.toString());
    const { header, kvs, more } = await request.exec();
    position ??= positionOf(header);
    for (const { key, value, mod_revision } of kvs) {
      items.push({ key: key.toString('utf8'), value, modRevision: BigInt(mod_revision) });
    }
    const last = kvs.at(-1);
    if (!more || last === undefined) return { position, items };
    start = `${last.key.toString('utf8')}\0`;
  }
}

async function* watch(
  call: WatchStream,
  prefix: string,
  fromRevision: bigint,
  signal: AbortSignal,
): AsyncIterable<WatchMessage> {
  const cancel = (): void => call.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const range = { key: Buffer.from(prefix), range_end: Buffer.from(endOf(prefix)) };
    const request = { ...range, start_revision: fromRevision.toString(), progress_notify: true, fragment: true };
    call.write({ create_request: request });
    let fragments: readonly RawEvent[] = [];
    for await (const raw of call as AsyncIterable<RawWatchResponse>) {
      // Half a revision must never be applied: fragments wait for their last part.
      fragments = [...fragments, ...raw.events];
      if (raw.fragment) continue;
      yield message(raw, fragments);
      fragments = [];
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}

function message(raw: RawWatchResponse, events: readonly RawEvent[]): WatchMessage {
  const items = events.map(({ type, kv }): Item => {
    const value = type === 'Delete' ? undefined : kv.value;
    return { key: kv.key.toString('utf8'), value, modRevision: BigInt(kv.mod_revision) };
  });
  const kind = raw.canceled ? 'canceled' : raw.created ? 'created' : items.length > 0 ? 'events' : 'progress';
  const position = positionOf(raw.header);
  return { kind, position, items, compactRevision: BigInt(raw.compact_revision), reason: raw.cancel_reason };
}

function positionOf({ revision, cluster_id, raft_term }: Header): Position {
  return { revision: BigInt(revision), clusterId: cluster_id, raftTerm: BigInt(raft_term) };
}

/** The first key after all that begin with the prefix. */
function endOf(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
