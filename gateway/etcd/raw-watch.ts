/** etcd's Watch service, one stream per watch. */
import { Client, type ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import { type EtcdAccess, channelCredentials, channelOptions, hostOf } from './access.ts';
import { type RawEvent, type RawWatchRequest, type RawWatchResponse, call, rpc } from './rpc.ts';
import type { WatchMessage } from './sync-loop.ts';
import { type KeyRange, positionOf } from './words.ts';

/** Checking a password takes etcd a tenth of a second by design (bcrypt). Milliseconds. */
const loginMs = 5_000;

export interface WatchOptions {
  /** Ask for a sign of life this often, so that a stream that has died in silence is noticed. Milliseconds. */
  readonly progressEveryMs?: number;
  /**
   * Whether an answer to that proves that everything before has been delivered. Until 3.4.24 and 3.5.7 etcd answered
   * with the store's revision however far behind the watch was (etcd-io/etcd#15220).
   */
  readonly answersProve?: boolean;
  /** With each event what the key held before. */
  readonly prevKv?: boolean;
}

export interface Watches {
  /** Ends when etcd, the connection or `signal` ends it; a lost connection throws. */
  watch(
    range: KeyRange,
    fromRevision: bigint,
    signal: AbortSignal,
    options?: WatchOptions,
  ): AsyncIterable<WatchMessage<RawEvent>>;
  /** Metadata with a token, where the access has a user. */
  credentials(): Promise<Metadata>;
  readonly client: Client;
  close(): void;
}

export function connectWatches(access: EtcdAccess): Watches {
  const client = new Client(hostOf(access), channelCredentials(access), channelOptions);
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const credentials = async (): Promise<Metadata> => {
    const metadata = new Metadata();
    const { user: name, password } = access;
    if (name === undefined) return metadata;
    const { token = '' } = await call(client, rpc.authenticate, { name, password }, metadata, loginMs);
    metadata.set('token', token);
    return metadata;
  };
  return {
    client,
    credentials,
    async *watch(range, fromRevision, signal, options = {}) {
      // A token of its own for each watch: whatever the last one's age, this one is fresh.
      const metadata = await credentials();
      // A member that has lost the others keeps a watch open, and answers for its progress out of its own store: nothing
      // would tell that it is cut off. So it is asked to end the watch then, once three elections have brought no leader.
      metadata.set('hasleader', 'true');
      const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
      yield* follow(stream, range, fromRevision, signal, options);
    },
    close: () => client.close(),
  };
}

type WatchStream = ClientDuplexStream<RawWatchRequest, RawWatchResponse>;

async function* follow(
  stream: WatchStream,
  { key, end }: KeyRange,
  fromRevision: bigint,
  signal: AbortSignal,
  { progressEveryMs, answersProve = false, prevKv = false }: WatchOptions,
): AsyncIterable<WatchMessage<RawEvent>> {
  const cancel = (): void => stream.cancel();
  // Cancelling reports an error even when nobody reads any more; unheard, it would end the process.
  stream.on('error', () => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  const askForLife = (): void => void stream.write({ progress_request: {} });
  const asking = progressEveryMs === undefined ? undefined : setInterval(askForLife, progressEveryMs);
  try {
    const range = end === undefined ? { key } : { key, range_end: end };
    const wishes = { start_revision: `${fromRevision}`, progress_notify: true, fragment: true, prev_kv: prevKv };
    stream.write({ create_request: { ...range, ...wishes } });
    let fragments: readonly RawEvent[] = [];
    for await (const raw of stream as AsyncIterable<RawWatchResponse>) {
      // Half a revision must never be applied: fragments wait for their last part.
      fragments = [...fragments, ...(raw.events ?? [])];
      if (raw.fragment === true) continue;
      yield message(raw, fragments, answersProve);
      fragments = [];
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(asking);
    signal.removeEventListener('abort', cancel);
    stream.cancel();
  }
}

function message(raw: RawWatchResponse, items: readonly RawEvent[], answersProve: boolean): WatchMessage<RawEvent> {
  const compactRevision = BigInt(raw.compact_revision ?? 0);
  const position = positionOf(raw.header);
  return { kind: kindOf(raw, items, answersProve), position, items, compactRevision, reason: raw.cancel_reason ?? '' };
}

function kindOf(
  raw: RawWatchResponse,
  items: readonly RawEvent[],
  answersProve: boolean,
): WatchMessage<RawEvent>['kind'] {
  if (raw.canceled === true) return 'canceled';
  if (raw.created === true) return 'created';
  if (items.length > 0) return 'events';
  // etcd's own notice bears the id of the watch, the answer to a question that of none.
  const asked = BigInt(raw.watch_id ?? 0) < 0n;
  return asked && !answersProve ? 'alive' : 'progress';
}
