/**
 * Keeps the store equal to etcd: a snapshot, then one watch from the snapshot's revision on, for ever.
 *
 * The position moves only by what was delivered: the snapshot's own revision, the events of a watch, and its progress
 * notifications. Everything else (a `created` header, a revision read elsewhere) may be ahead of what has arrived, and
 * resuming there would lose what lies between, silently and for good (apache/apisix#13067).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EtcdClient, Position, WatchMessage } from './etcd-client.ts';
import type { Item } from './store.ts';

/** How a watch came to its end. */
export type WatchEnd = 'silent' | 'ended' | 'compacted' | 'went-back';

/** What is decided between two watches. The clean loop resumes where it was. */
export interface ResumePolicy {
  beforeWatch(): Promise<void>;
  /** Where to go on; undefined asks for a new snapshot. */
  resume(end: WatchEnd, delivered: Position): Position | undefined;
}

export const resumeWhereDelivered: ResumePolicy = {
  beforeWatch: async () => undefined,
  resume: (end, delivered) => (end === 'silent' || end === 'ended' ? delivered : undefined),
};

export interface SyncObserver {
  replaced(items: readonly Item[], position: Position): void;
  applied(items: readonly Item[], position: Position): void;
  state(state: 'listing' | 'watching' | 'waiting', why: string): void;
  watchEnded(end: WatchEnd): void;
}

export interface SyncOptions {
  readonly client: EtcdClient;
  /** With its trailing slash, so that a neighbour such as `/apisix3` is not read. */
  readonly prefix: string;
  /** A watch without events or progress for this long is opened again at the same revision. Milliseconds. */
  readonly watchTimeoutMs: number;
  readonly policy: ResumePolicy;
  readonly observer: SyncObserver;
}

/** First and longest wait before trying again, in milliseconds; jittered, so that a fleet does not return as one. */
const backoffMs = { first: 50, longest: 1_000 };

/** Runs until `stop`; never rejects: whatever happens to etcd, the last good configuration stays. */
export async function syncLoop(
  { client, prefix, policy, observer, ...options }: SyncOptions,
  stop: AbortSignal,
): Promise<void> {
  let position: Position | undefined;
  let failures = 0;
  const progressed = (next: Position): void => {
    position = next;
    failures = 0;
  };
  while (!stop.aborted) {
    try {
      if (position === undefined) {
        observer.state('listing', 'no position to resume from');
        const snapshot = await client.snapshot(prefix);
        observer.replaced(snapshot.items, snapshot.position);
        progressed(snapshot.position);
        position = snapshot.position;
      }
      await policy.beforeWatch();
      observer.state('watching', `from revision ${position.revision + 1n}`);
      const watch = { client, prefix, from: position, observer, progressed, watchTimeoutMs: options.watchTimeoutMs };
      const end = await followWatch(watch, stop);
      if (stop.aborted) return;
      observer.watchEnded(end);
      position = policy.resume(end, position);
      if (end === 'ended') await pause(++failures, stop);
    } catch (error) {
      if (stop.aborted) return;
      observer.state('waiting', error instanceof Error ? error.message : String(error));
      observer.watchEnded('ended');
      position = position === undefined ? undefined : policy.resume('ended', position);
      await pause(++failures, stop);
    }
  }
}

interface Watch {
  readonly client: EtcdClient;
  readonly prefix: string;
  readonly from: Position;
  readonly watchTimeoutMs: number;
  readonly observer: SyncObserver;
  readonly progressed: (position: Position) => void;
}

/** Applies one watch until it ends. */
async function followWatch(watch: Watch, stop: AbortSignal): Promise<WatchEnd> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), watch.watchTimeoutMs);
  const signal = AbortSignal.any([stop, silence.signal]);
  let delivered = watch.from;
  try {
    for await (const message of watch.client.watch(watch.prefix, watch.from.revision + 1n, signal)) {
      timer.refresh();
      if (wentBack(delivered, message.position) && message.kind !== 'canceled') return 'went-back';
      const end = take(message, watch);
      if (end !== undefined) return end;
      delivered = deliveredBy(message) ?? delivered;
    }
    return silence.signal.aborted ? 'silent' : 'ended';
  } finally {
    clearTimeout(timer);
  }
}

/** Does what one message says; an end when it ends the watch. */
function take(message: WatchMessage, { observer, progressed }: Watch): WatchEnd | undefined {
  const position = deliveredBy(message);
  switch (message.kind) {
    case 'created':
      return undefined;
    case 'canceled':
      return message.compactRevision > 0n ? 'compacted' : 'ended';
    case 'events':
    case 'progress':
      if (position === undefined) return undefined;
      observer.applied(message.items, position);
      progressed(position);
      return undefined;
  }
}

/** How far a message proves that everything has been delivered. */
function deliveredBy({ kind, position, items }: WatchMessage): Position | undefined {
  if (kind === 'progress') return position;
  const last = items.at(-1);
  // Not the header's revision: in a catch-up the store is ahead of the batch.
  return last === undefined ? undefined : { ...position, revision: last.modRevision };
}

/** Another cluster, or the same one restored or wiped: a watch from our revision would wait for ever. */
function wentBack(ours: Position, theirs: Position): boolean {
  return theirs.clusterId !== ours.clusterId || theirs.revision < ours.revision || theirs.raftTerm < ours.raftTerm;
}

async function pause(failures: number, stop: AbortSignal): Promise<void> {
  const longest = Math.min(backoffMs.longest, backoffMs.first * 2 ** (failures - 1));
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined);
}
