/** etcd as the proxy uses it for itself: spans to follow, history to read, and who may read what. */
import type { Metadata } from '@grpc/grpc-js';
import type { EtcdAccess } from '../../etcd/access.ts';
import type { WatchOptions } from '../../etcd/raw-watch.ts';
import type { RawEvent, RawKeyValue } from '../../etcd/rpc.ts';
import type { SnapshotWishes } from '../../etcd/snapshot.ts';
import type { SyncSource, WatchMessage } from '../../etcd/sync-loop.ts';
import type { KeyRange } from '../../etcd/words.ts';
import { type Span, wireOf } from '../span.ts';
import type { Endpoints } from './endpoints.ts';
import { joined } from './joined.ts';
import { Member } from './member.ts';

/** A read of the history is over when etcd says that nothing is left: it is asked this often. Milliseconds. */
const historyAskMs = 200;

export interface Upstream {
  source(span: Span): SyncSource<RawEvent>;
  /** What a range holds, or once held: no older than the call. In the order of the keys. */
  read(range: KeyRange, wishes: SnapshotWishes): Promise<readonly RawKeyValue[]>;
  /** Everything that happened from that revision on, each event with what its key held before. */
  history(span: Span, from: bigint, signal: AbortSignal): AsyncIterable<WatchMessage<RawEvent>>;
  /** Asks etcd for one key of the span, in the name of whoever sent these credentials. Rejects as etcd refuses. */
  probe(span: Span, credentials: Metadata): Promise<void>;
  /** Whether there is an etcd with a leader; never rejects. */
  isThere(): Promise<boolean>;
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
  return {
    source: (span) => ({
      position: joined(() => onOne(endpoints, current(), (member) => member.position(span))),
      snapshot: () => onOne(endpoints, current(), (member) => member.snapshot(span)),
      watch: (from, signal) => followFor(endpoints, current(), [span, from, signal, { progressEveryMs }]),
      revisionOf: ({ kv }) => BigInt(kv.mod_revision),
    }),
    read: async (range, wishes) => (await onOne(endpoints, current(), (member) => member.read(range, wishes))).items,
    history: (span, from, signal) =>
      follow(endpoints, current(), [span, from, signal, { progressEveryMs: historyAskMs, prevKv: true }]),
    probe: (span, credentials) => current().probe(span, credentials),
    isThere: joined(() =>
      onOne(endpoints, current(), mustHaveLeader).then(
        () => true,
        () => false,
      ),
    ),
    close() {
      for (const member of members.values()) member.watches.close();
    },
  };
}

type Following = readonly [span: Span, from: bigint, signal: AbortSignal, options: WatchOptions];

/** As with any failure, the next member is asked the next time. */
async function* follow(
  endpoints: Endpoints,
  member: Member,
  [span, from, signal, options]: Following,
): AsyncIterable<WatchMessage<RawEvent>> {
  const answersProve = await member.answersProve();
  try {
    yield* member.watches.watch(wireOf(span), from, signal, { ...options, answersProve });
  } catch (error) {
    endpoints.failed(member.access);
    throw error;
  }
}

async function* followFor(
  endpoints: Endpoints,
  member: Member,
  following: Following,
): AsyncIterable<WatchMessage<RawEvent>> {
  try {
    yield* follow(endpoints, member, following);
  } finally {
    // It was to go on for ever: however it came to its end, perhaps in silence, the next member may be better.
    endpoints.failed(member.access);
  }
}

/** As with any failure, the next member is asked the next time. */
async function mustHaveLeader(member: Member): Promise<void> {
  if (!(await member.hasLeader())) throw new Error('it has no leader');
}

async function onOne<Answer>(
  endpoints: Endpoints,
  member: Member,
  ask: (member: Member) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(member);
  } catch (error) {
    endpoints.failed(member.access);
    throw error;
  }
}
