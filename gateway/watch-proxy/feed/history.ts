/**
 * Watches that begin before the ring does. One reader at a time reads etcd's history for all who wait, from the oldest
 * revision that any of them wants, so that a fleet that returns costs etcd one more watch and not one for each.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawEvent } from '../../etcd/rpc.ts';
import type { WatchMessage } from '../../etcd/sync-loop.ts';
import type { Header } from '../../etcd/words.ts';
import type { SharedResponse } from '../downstream/shared-response.ts';
import { keyOf } from '../span.ts';
import { compactedResponse, eventResponses, tooSlowResponse } from './responses.ts';
import { select } from './selection.ts';
import type { Watcher } from './watcher.ts';

export interface HistoryOptions {
  readonly read: (from: bigint, signal: AbortSignal) => AsyncIterable<WatchMessage<RawEvent>>;
  /** Where the ring begins: from there on it serves. */
  readonly ringFirst: () => bigint;
  readonly header: () => Header;
  /** The watcher has everything before the ring. */
  readonly reached: (watcher: Watcher) => void;
  readonly end: (watcher: Watcher, response: SharedResponse) => void;
}

/** How long the reader waits for a client that takes nothing, before it goes on without it. Milliseconds. */
const patienceMs = 5_000;
const lookAgainMs = 20;
/** Wait before etcd is asked again after a failure: least and most, jittered. Milliseconds. */
const pauseMs = { least: 100, most: 1_000 };

export class History {
  readonly #options: HistoryOptions;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Watcher>();
  #reading = false;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  add(watcher: Watcher): void {
    this.#waiting.add(watcher);
    void this.#run();
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      const members = [...this.#waiting];
      try {
        await this.#readFor(members);
      } catch {
        // etcd is away or the watch was cut: what was written stays written, the rest is asked for again.
        const longest = pauseMs.least + Math.random() * (pauseMs.most - pauseMs.least);
        await sleep(longest, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
    this.#reading = false;
  }

  /** Returns when each of them has got where the ring begins, or has ended. */
  async #readFor(members: readonly Watcher[]): Promise<void> {
    const from = members.reduce((least, { next }) => (next < least ? next : least), members[0]?.next ?? 0n);
    const end = new AbortController();
    const messages = this.#options.read(from, AbortSignal.any([end.signal, this.#stop.signal]));
    try {
      for await (const message of messages) {
        if (message.kind === 'canceled') return this.#canceled(message, members);
        await this.#deliver(message, members);
        if (!members.some((watcher) => this.#waiting.has(watcher))) return;
      }
    } finally {
      end.abort();
    }
    throw new Error('the watch of the history ended');
  }

  async #deliver({ kind, items, position }: WatchMessage<RawEvent>, members: readonly Watcher[]): Promise<void> {
    const events = items.map((raw) => ({ key: keyOf(raw.kv.key), raw }));
    const last = items.at(-1)?.kv.mod_revision;
    // A progress notice says that nothing is missing up to its revision; a header alone says nothing.
    const read = last === undefined ? (kind === 'progress' ? position.revision : 0n) : BigInt(last);
    for (const watcher of members) {
      if (!this.#stillWaits(watcher) || read < watcher.next) continue;
      const wanted = events.filter(({ raw }) => BigInt(raw.kv.mod_revision) >= watcher.next);
      const chosen = select(watcher.selection, wanted);
      if (chosen.length > 0 && !(await taking(watcher))) {
        this.#leave(watcher);
        this.#options.end(watcher, tooSlowResponse(this.#options.header(), watcher.next));
        continue;
      }
      const responses =
        chosen.length === 0 ? [] : eventResponses(this.#options.header(), chosen, watcher.selection.fragment);
      for (const response of responses) watcher.write(response);
      watcher.next = read + 1n;
      if (watcher.next < this.#options.ringFirst()) continue;
      this.#leave(watcher);
      this.#options.reached(watcher);
    }
  }

  #canceled({ compactRevision, reason }: WatchMessage<RawEvent>, members: readonly Watcher[]): void {
    if (compactRevision === 0n) throw new Error(reason);
    for (const watcher of members) {
      if (!this.#stillWaits(watcher) || watcher.next >= compactRevision) continue;
      this.#leave(watcher);
      this.#options.end(watcher, compactedResponse(this.#options.header(), compactRevision));
    }
  }

  #stillWaits(watcher: Watcher): boolean {
    if (watcher.state !== 'history') this.#leave(watcher);
    return this.#waiting.has(watcher);
  }

  #leave(watcher: Watcher): void {
    this.#waiting.delete(watcher);
  }
}

/** Whether the client takes what is written, at the latest after a while. */
async function taking({ outlet }: Watcher): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (outlet.full && performance.now() < deadline) await sleep(lookAgainMs);
  return !outlet.full;
}
