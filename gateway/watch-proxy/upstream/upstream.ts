/** etcd as the proxy uses it for itself: spans to follow, history to read, and who may read what. */
import { type Client, Metadata } from '@grpc/grpc-js';
import type { EtcdAccess } from '../../etcd/access.ts';
import { type WatchOptions, type Watches, connectWatches } from '../../etcd/raw-watch.ts';
import { type RawEvent, type RawKeyValue, call, rpc } from '../../etcd/rpc.ts';
import type { Snapshot, SyncSource, WatchMessage } from '../../etcd/sync-loop.ts';
import { type Position, positionOf } from '../../etcd/words.ts';
import { type Span, wireOf } from '../span.ts';
import { joined } from './joined.ts';
import type { Endpoints } from './endpoints.ts';

/** Keys of one page: what etcd must hold in memory for one reply. */
const pageSize = 500;
const callMs = 5_000;
/** A read of the history is over when etcd says that nothing is left: it is asked this often. Milliseconds. */
const historyAskMs = 200;

export interface Upstream {
  source(span: Span): SyncSource<RawEvent>;
  /** Everything that happened from that revision on, each event with what its key held before. */
  history(span: Span, from: bigint, signal: AbortSignal): AsyncIterable<WatchMessage<RawEvent>>;
  /** No older than the call. */
  position(): Promise<Position>;
  /** Asks etcd for one key of the span, in the name of whoever sent these credentials. Rejects as etcd refuses. */
  probe(span: Span, credentials: Metadata): Promise<void>;
  close(): void;
}

/** `progressEveryMs`: how often etcd is asked for a sign of life. Milliseconds. */
export function connectUpstream(endpoints: Endpoints, progressEveryMs: number): Upstream {
  const members = new Map<EtcdAccess, Member>();
  const current = (): Member => {
    const access = endpoints.current;
    const known = members.get(access) ?? new Member(access);
    members.set(access, known);
    return known;
  };
  const position = joined(async () => {
    const member = current();
    try {
      return await member.position();
    } catch (error) {
      endpoints.failed(member.access);
      throw error;
    }
  });
  const follow = async function* (
    span: Span,
    from: bigint,
    signal: AbortSignal,
    options: WatchOptions,
  ): AsyncIterable<WatchMessage<RawEvent>> {
    const member = current();
    try {
      const answersProve = await member.answersProve();
      yield* member.watches.watch(wireOf(span), from, signal, { ...options, answersProve });
    } finally {
      // However it came to its end, the next one may be better.
      endpoints.failed(member.access);
    }
  };
  return {
    position,
    source: (span) => ({
      position,
      snapshot: () => current().snapshot(span),
      watch: (from, signal) => follow(span, from, signal, { progressEveryMs }),
      revisionOf: ({ kv }) => BigInt(kv.mod_revision),
    }),
    history: (span, from, signal) => follow(span, from, signal, { progressEveryMs: historyAskMs, prevKv: true }),
    probe: (span, credentials) => current().probe(span, credentials),
    close() {
      for (const member of members.values()) member.watches.close();
    },
  };
}

class Member {
  readonly access: EtcdAccess;
  readonly watches: Watches;
  #answersProve: Promise<boolean> | undefined;

  constructor(access: EtcdAccess) {
    this.access = access;
    this.watches = connectWatches(access);
  }

  get #client(): Client {
    return this.watches.client;
  }

  async position(): Promise<Position> {
    const request = { key: Buffer.of(0), limit: '1', keys_only: true };
    const { header } = await call(this.#client, rpc.range, request, await this.watches.credentials(), callMs);
    return positionOf(header);
  }

  async probe(span: Span, credentials: Metadata): Promise<void> {
    const { key, end } = wireOf(span);
    const range = end === undefined ? { key } : { key, range_end: end };
    const request = { ...range, limit: '1', keys_only: true, serializable: true };
    await call(this.#client, rpc.range, request, credentials, callMs);
  }

  /** Pages of the span, all read at the revision of the first, so that together they are one moment. */
  async snapshot(span: Span): Promise<Snapshot<RawEvent>> {
    const { end } = wireOf(span);
    const credentials = await this.watches.credentials();
    const all: RawKeyValue[] = [];
    let position: Position | undefined;
    for (let { key } = wireOf(span); ;) {
      const at = position === undefined ? {} : { revision: `${position.revision}` };
      const request = { key, ...(end === undefined ? {} : { range_end: end }), limit: `${pageSize}`, ...at };
      const { header, kvs = [], more } = await call(this.#client, rpc.range, request, credentials, callMs);
      position ??= positionOf(header);
      all.push(...kvs);
      const last = kvs.at(-1);
      if (more !== true || last === undefined) return { position, items: all.map((kv) => ({ kv })) };
      key = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  /** Whether an answered question for progress proves delivery: from 3.4.25 and 3.5.8 on (etcd-io/etcd#15220). */
  answersProve(): Promise<boolean> {
    this.#answersProve ??= call(this.#client, rpc.status, {}, new Metadata(), callMs).then(
      ({ version = '' }) => provesFrom(version),
      () => {
        this.#answersProve = undefined;
        return false;
      },
    );
    return this.#answersProve;
  }
}

function provesFrom(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major !== 3) return major > 3;
  return minor > 5 || (minor === 5 && patch >= 8) || (minor === 4 && patch >= 25);
}
