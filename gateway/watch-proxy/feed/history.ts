/**
 * Watches that begin before the ring does. One reader at a time reads etcd's history for all who wait, from the oldest
 * revision that any of them wants, so that a fleet that returns costs etcd one more watch and not one for each.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { RawEvent } from '../../etcd/rpc.ts';
import { type WatchMessage, isBehind } from '../../etcd/sync-loop.ts';
import type { Header, Position } from '../../etcd/words.ts';
import type { SharedResponse } from '../downstream/shared-response.ts';
import { keyOf } from '../span.ts';
import { Piece } from './piece.ts';
import { compactedResponse, tooSlowResponse } from './responses.ts';
import { batches, grouped } from './revisions.ts';
import type { Watcher } from './watcher.ts';

export interface HistoryOptions {
  readonly read: (from: bigint, signal: AbortSignal) => AsyncIterable<WatchMessage<RawEvent>>;
  /** Where the ring begins: from there on it serves. */
  readonly ringFirst: () => bigint;
  readonly header: () => Header;
  /**
   * Where the ring is; undefined while etcd is not followed. An etcd that comes back may be another, wiped or restored,
   * and only who follows it notices: what was read meanwhile would not go together with the ring.
   */
  readonly position: () => Position | undefined;
  /** The watcher has everything before the ring. */
  readonly reached: (watcher: Watcher) => void;
  readonly end: (watcher: Watcher, response: SharedResponse) => void;
}

/** How long the reader waits for a client before it goes on without it; the client joins a later read. Milliseconds. */
const graceMs = 200;
/** A client that takes nothing for this long is ended. Milliseconds. */
const patienceMs = 5_000;
const lookAgainMs = 20;
/** So long those who are live wait for those who catch up, and then it is their turn. Milliseconds. */
const turnMs = 5;
/** Wait before etcd is asked again after a failure: least and most, jittered. Milliseconds. */
const pauseMs = { least: 100, most: 1_000 };

export class History {
  readonly #options: HistoryOptions;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<Watcher>();
  /** Those for whom is being read now. */
  readonly #readers = new Set<Watcher>();
  #running = false;
  /** Everything before this revision has been read for them. */
  #next = 0n;

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  add(watcher: Watcher): void {
    this.#waiting.add(watcher);
    // What it wants has not gone by yet.
    if (this.#readers.size > 0 && watcher.next >= this.#next) this.#readers.add(watcher);
    void this.#run();
  }

  /** The ring is of another history now: nobody may get more of the one that is being read. */
  forget(): void {
    this.#readers.clear();
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#waiting.size > 0 && !this.#stop.signal.aborted) {
      this.#endSlow();
      for (const watcher of this.#waiting) if (!watcher.outlet.full) this.#readers.add(watcher);
      try {
        const ours = this.#options.position();
        if (this.#readers.size > 0 && ours !== undefined) await this.#read(ours);
        else await sleep(lookAgainMs, undefined, { signal: this.#stop.signal });
      } catch {
        // etcd is away or the watch was cut: what was written stays written, the rest is asked for again.
        const longest = pauseMs.least + Math.random() * (pauseMs.most - pauseMs.least);
        await sleep(longest, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
      this.#readers.clear();
    }
    this.#running = false;
  }

  /**
   * Returns when each of the readers has got where the ring begins, has ended, or takes nothing. `ours`: where the ring
   * is now. It moves on while what was read waits for its turn, and that is no other history for it.
   */
  async #read(ours: Position): Promise<void> {
    this.#next = [...this.#readers].reduce(
      (least, { next }) => (next < least ? next : least),
      this.#options.ringFirst(),
    );
    const end = new AbortController();
    const messages = this.#options.read(this.#next, AbortSignal.any([end.signal, this.#stop.signal]));
    try {
      for await (const message of messages) {
        if (message.kind === 'canceled') return this.#canceled(message);
        const isFollowed = this.#options.position() !== undefined;
        if (!isFollowed || isBehind(ours, message.position)) throw new Error('another history, or none');
        await this.#deliver(message);
        if (this.#readers.size === 0) return;
      }
    } finally {
      end.abort();
    }
    throw new Error('the watch of the history ended');
  }

  /** In pieces: etcd sends a thousand events at once, and a client is to hold no more than it takes. */
  async #deliver({ kind, items, position }: WatchMessage<RawEvent>): Promise<void> {
    const events = items.map((raw) => ({ key: keyOf(raw.kv.key), raw }));
    for (const revisions of batches(grouped(events))) {
      await this.#parkFull();
      await this.#take(new Piece(revisions, revisions.at(-1)?.revision ?? 0n));
    }
    // A progress notice says that nothing is missing up to its revision; a header alone says nothing.
    if (kind === 'progress') await this.#take(new Piece([], position.revision));
  }

  async #take(piece: Piece): Promise<void> {
    if (piece.last >= this.#next) this.#next = piece.last + 1n;
    let began = performance.now();
    for (const watcher of this.#readers) {
      if (watcher.state !== 'history') this.#leave(watcher);
      else if (piece.last >= watcher.next) this.#write(watcher, piece);
      if (performance.now() - began < turnMs) continue;
      await nextTurn();
      began = performance.now();
    }
  }

  #write(watcher: Watcher, piece: Piece): void {
    const { header, ringFirst, reached } = this.#options;
    for (const response of piece.of(watcher, header)) watcher.write(response);
    watcher.next = piece.last + 1n;
    if (watcher.next < ringFirst()) return;
    this.#leave(watcher);
    reached(watcher);
  }

  /** Waits a little for clients that take nothing, and goes on without those that still do not. */
  async #parkFull(): Promise<void> {
    const deadline = performance.now() + graceMs;
    const full = (): readonly Watcher[] => [...this.#readers].filter(({ outlet }) => outlet.full);
    while (full().length > 0 && performance.now() < deadline) await sleep(lookAgainMs);
    for (const watcher of full()) {
      this.#readers.delete(watcher);
      watcher.fullSince ??= performance.now();
    }
  }

  #endSlow(): void {
    for (const watcher of this.#waiting) {
      if (watcher.state !== 'history') this.#leave(watcher);
      else if (!watcher.outlet.full) watcher.fullSince = undefined;
      else if (performance.now() - (watcher.fullSince ??= performance.now()) > patienceMs) {
        this.#leave(watcher);
        this.#options.end(watcher, tooSlowResponse(this.#options.header(), watcher.next));
      }
    }
  }

  #canceled({ compactRevision, reason }: WatchMessage<RawEvent>): void {
    if (compactRevision === 0n) throw new Error(reason);
    for (const watcher of this.#readers) {
      if (watcher.next >= compactRevision) continue;
      this.#leave(watcher);
      this.#options.end(watcher, compactedResponse(this.#options.header(), compactRevision));
    }
  }

  #leave(watcher: Watcher): void {
    this.#waiting.delete(watcher);
    this.#readers.delete(watcher);
  }
}
