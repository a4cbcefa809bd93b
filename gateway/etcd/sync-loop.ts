/**
 * Keeps a copy equal to etcd: a snapshot, then one watch from the snapshot's revision on, for ever.
 *
 * The position moves only by what was delivered: the snapshot's own revision, the events of a watch, and its progress
 * notifications. Everything else (a `created` header, a revision read elsewhere) may be ahead of what has arrived, and
 * resuming there would lose what lies between, silently and for good (apache/apisix#13067).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from './words.ts';

/** One watch response, fragments already joined. */
export interface WatchMessage<Item> {
  /** `alive`: a sign of life that proves nothing about what has been delivered. */
  readonly kind: 'created' | 'events' | 'progress' | 'alive' | 'canceled';
  readonly position: Position;
  readonly items: readonly Item[];
  /** With `canceled`: the revision up to which etcd has compacted, 0 when that was not the reason. */
  readonly compactRevision: bigint;
  readonly reason: string;
}

export interface Snapshot<Item> {
  readonly position: Position;
  readonly items: readonly Item[];
}

/** Keys of an etcd, and what becomes of them. */
export interface SyncSource<Item> {
  /** All of them at one moment. */
  snapshot(): Promise<Snapshot<Item>>;
  /** Ends when etcd, the connection or `signal` ends it; a lost connection throws. */
  watch(fromRevision: bigint, signal: AbortSignal): AsyncIterable<WatchMessage<Item>>;
  /** Where a majority of the members is now: no older than the call. */
  position(): Promise<Position>;
  revisionOf(item: Item): bigint;
}

/** How a watch came to its end: by our time-out, by etcd or the network, by compaction, or by another history. */
export type WatchEnd = 'silent' | 'ended' | 'compacted' | 'went-back';

/** What is decided between two watches. The clean loop resumes where it was. */
export interface ResumePolicy {
  beforeWatch(): Promise<void>;
  /**
   * Asked once etcd has opened a watch that goes on behind what was delivered: why it must not, undefined when it may.
   * Without it, an etcd that was restored and has outgrown that revision before we came back is not told from the old one.
   */
  refused?(delivered: Position): Promise<WatchEnd | undefined>;
  /** Where to go on; undefined asks for a new snapshot. */
  resume(end: WatchEnd, delivered: Position): Position | undefined;
}

export const resumeWhereDelivered: ResumePolicy = {
  beforeWatch: async () => undefined,
  resume: (end, delivered) => (end === 'silent' || end === 'ended' ? delivered : undefined),
};

/** `waiting`: something failed, and it is not yet time to try again. */
export type SyncState = 'listing' | 'connecting' | 'watching' | 'waiting';

export interface SyncObserver<Item> {
  replaced(items: readonly Item[], position: Position): void;
  /** What comes next waits until it resolves. */
  applied(items: readonly Item[], position: Position): void | Promise<void>;
  state(state: SyncState, why: string): void;
  watchEnded(end: WatchEnd): void;
}

export interface SyncOptions<Item> {
  readonly source: SyncSource<Item>;
  /** A watch without events or progress for this long is opened again at the same revision. Milliseconds. */
  readonly watchTimeoutMs: number;
  readonly policy: ResumePolicy;
  readonly observer: SyncObserver<Item>;
}

/** First and longest wait before trying again, in milliseconds; jittered, so that a fleet does not return as one. */
const backoffMs = { first: 50, longest: 1_000 };

/** Runs until `stop`; never rejects: whatever happens to etcd, the last good configuration stays. */
export async function syncLoop<Item>(options: SyncOptions<Item>, stop: AbortSignal): Promise<void> {
  const { source, policy, observer } = options;
  let position: Position | undefined;
  let failures = 0;
  while (!stop.aborted) {
    let openedAt = Number.POSITIVE_INFINITY;
    let end: WatchEnd = 'ended';
    const resumes = position !== undefined;
    try {
      position ??= await list(source, observer);
      await policy.beforeWatch();
      openedAt = performance.now();
      end = await followWatch({ ...options, from: position, resumes, moved: (to) => (position = to) }, stop);
    } catch (error) {
      if (!stop.aborted) observer.state('waiting', error instanceof Error ? error.message : String(error));
    }
    if (stop.aborted) return;
    if (position !== undefined) {
      observer.watchEnded(end);
      position = policy.resume(end, position);
    }
    // Only a watch that lived has healed: one that is cut at each message must not be opened at full speed.
    if (performance.now() - openedAt > backoffMs.longest) failures = 0;
    // A time-out was wait enough.
    if (end !== 'silent') await pause(failures++, stop);
  }
}

/** Reads everything; the position is that of the first page, at which all the others are read. */
async function list<Item>(source: SyncSource<Item>, observer: SyncObserver<Item>): Promise<Position> {
  observer.state('listing', 'no position to resume from');
  const { items, position } = await source.snapshot();
  observer.replaced(items, position);
  return position;
}

interface Watch<Item> extends SyncOptions<Item> {
  readonly from: Position;
  /** Whether it goes on behind an earlier watch, and not behind a read of just now. */
  readonly resumes: boolean;
  /** Told after what was delivered has been applied, never before. */
  readonly moved: (position: Position) => void;
}

/** Applies one watch until it ends; throws when etcd or the connection fails. */
async function followWatch<Item>(watch: Watch<Item>, stop: AbortSignal): Promise<WatchEnd> {
  const { source, observer, policy, from } = watch;
  observer.state('connecting', `from revision ${from.revision + 1n}`);
  const silence = new AbortController();
  const wait = (): NodeJS.Timeout => setTimeout(() => silence.abort(), watch.watchTimeoutMs);
  let timer = wait();
  let delivered = from;
  try {
    const messages = source.watch(from.revision + 1n, AbortSignal.any([stop, silence.signal]));
    for await (const message of messages) {
      timer.refresh();
      if (message.kind === 'canceled') return canceled(message);
      if (isBehind(delivered, message.position) && isBehind(delivered, await source.position())) return 'went-back';
      if (message.kind === 'created') {
        // What etcd says meanwhile waits; it is not silent.
        clearTimeout(timer);
        const refused = watch.resumes ? await policy.refused?.(from) : undefined;
        if (refused !== undefined) return refused;
        timer = wait();
        observer.state('watching', `from revision ${from.revision + 1n}`);
      }
      const next = deliveredBy(message, source);
      if (next === undefined) continue;
      await observer.applied(message.items, next);
      watch.moved((delivered = next));
    }
    return silence.signal.aborted ? 'silent' : 'ended';
  } finally {
    clearTimeout(timer);
  }
}

/** Compaction has taken the revisions we would go on from; any other reason is a failure. */
function canceled({ compactRevision, reason }: WatchMessage<unknown>): WatchEnd {
  if (compactRevision > 0n) return 'compacted';
  throw new Error(`etcd canceled the watch: ${reason === '' ? 'no reason given' : reason}`);
}

/** How far a message proves that everything has been delivered. */
function deliveredBy<Item>(
  { kind, position, items }: WatchMessage<Item>,
  source: SyncSource<Item>,
): Position | undefined {
  if (kind === 'progress') return position;
  const last = items.at(-1);
  // Not the header's revision: in a catch-up the store is ahead of the batch.
  return last === undefined ? undefined : { ...position, revision: source.revisionOf(last) };
}

/**
 * Another cluster, or the same one restored or wiped: a watch from our revision would wait for ever. Or only a member
 * that lags behind the others, which a majority then contradicts.
 */
export function isBehind(ours: Position, theirs: Position): boolean {
  return theirs.clusterId !== ours.clusterId || theirs.revision < ours.revision || theirs.raftTerm < ours.raftTerm;
}

async function pause(failures: number, stop: AbortSignal): Promise<void> {
  const longest = Math.min(backoffMs.longest, backoffMs.first * 2 ** failures);
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined);
}
