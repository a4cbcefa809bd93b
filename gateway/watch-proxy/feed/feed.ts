/**
 * One watched span of keys: one watch upstream, any number downstream.
 *
 * Events go into the ring and the mirror as they come, and out to the watchers once per turn of the event loop: what
 * arrives together under a flood leaves as one response, and its bytes are made once for all watches that ask for the
 * same. A watcher whose client takes nothing costs no memory of its own; it is behind, and reads the ring when it can.
 */
import type { RawEvent, RawKeyValue } from '../../etcd/rpc.ts';
import { type SyncObserver, type SyncSource, resumeWhereDelivered, syncLoop } from '../../etcd/sync-loop.ts';
import type { Header, Position } from '../../etcd/words.ts';
import { SharedResponse } from '../downstream/shared-response.ts';
import type { Span } from '../span.ts';
import { Audience } from './audience.ts';
import type { FeedOptions } from './feed-options.ts';
import { History } from './history.ts';
import { Mirror } from './mirror.ts';
import { compactedResponse, headerOf, tooSlowResponse } from './responses.ts';
import { batches, bigger, byRevision } from './revisions.ts';
import { EventRing, type Revision } from './ring.ts';
import { lossOf } from './same-history.ts';
import { Slices } from './slices.ts';
import type { Watcher } from './watcher.ts';

export class Feed {
  readonly span: Span;
  readonly mirror: Mirror = new Mirror();
  readonly #options: FeedOptions;
  /** What it follows. */
  readonly source: SyncSource<RawEvent>;
  readonly #stop = new AbortController();
  readonly #watchers = new Set<Watcher>();
  readonly #live = new Audience();
  /** Those that wait for a revision yet to come. */
  readonly #ahead = new Set<Watcher>();
  readonly #history: History;
  readonly #ready = Promise.withResolvers<void>();
  #ring: EventRing;
  #pending: Revision[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #position: Position | undefined;
  /** Everything up to here has been written to whoever is live. */
  #flushed = 0n;
  /** The newest revision of a history that etcd has lost by a restore or a wipe; 0 when none. */
  #lost = 0n;
  #connected = false;
  /** Its watch is open, and what etcd has is compared with what was mirrored: of a large span that takes a while. */
  #isComparing = false;
  #since = performance.now();
  #heardAt = performance.now();
  #progressed = Promise.withResolvers<void>();
  /** Slices of the ring that several watchers read in the same turn. */
  readonly #slices = new Slices();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.span = options.span;
    this.#ring = new EventRing(options.ring, 0n);
    this.#history = new History({
      read: (from, signal) => options.upstream.history(options.span, from, signal),
      ringFirst: () => this.#ring.first,
      header: () => this.header(),
      position: () => (this.#connected ? this.#position : undefined),
      reached: (watcher) => this.pump(watcher),
      end: (watcher, response) => this.#end(watcher, response),
    });
    this.source = options.upstream.source(options.span);
    const { watchTimeoutMs, upstream, span } = options;
    const policy = {
      ...resumeWhereDelivered,
      refused: async ({ revision }: Position) => {
        this.#isComparing = true;
        return lossOf(upstream, span, this.mirror, revision).finally(() => (this.#isComparing = false));
      },
    };
    const observer = this.#observer();
    void syncLoop({ source: this.source, watchTimeoutMs, policy, observer }, this.#stop.signal);
  }

  /** Resolves once the span has been read for the first time. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get watchers(): ReadonlySet<Watcher> {
    return this.#watchers;
  }

  get ring(): EventRing {
    return this.#ring;
  }

  /** Everything up to here has been written to whoever is live. */
  get revision(): bigint {
    return this.#flushed;
  }

  /** Of what the mirror holds: it is ahead of the watchers by what is about to be written. */
  get mirrored(): bigint {
    return this.#position?.revision ?? 0n;
  }

  /** Whether the upstream watch is open, and since when, in milliseconds of `performance.now()`. */
  get upstream(): { readonly connected: boolean; readonly isComparing: boolean; readonly since: number } {
    return { connected: this.#connected, isComparing: this.#isComparing, since: this.#since };
  }

  /** Since etcd last said how far its history is. Milliseconds. */
  get ageMs(): number {
    return performance.now() - this.#heardAt;
  }

  header(revision: bigint = this.#flushed): Header {
    return this.#position === undefined ? {} : headerOf(this.#position, revision);
  }

  /** Resolves when etcd next says how far its history is. */
  get progressed(): Promise<void> {
    return this.#progressed.promise;
  }

  /**
   * Whether a watch from there may be one that goes on where a history that etcd has lost was left. Or one that is only
   * ahead of us: etcd can tell.
   */
  mayBeLost(from: bigint): boolean {
    return from > this.#flushed + 1n && from <= this.#lost + 1n;
  }

  /** `newest`: the revision that etcd is known to have. */
  add(watcher: Watcher, newest: bigint): void {
    this.#watchers.add(watcher);
    // Waiting for a revision of a history that is gone would be waiting for ever.
    if (this.mayBeLost(watcher.next) && watcher.next > newest + 1n) {
      this.#end(watcher, compactedResponse(this.header(), this.#flushed));
    } else if (watcher.next < this.#ring.first) {
      watcher.state = 'history';
      this.#history.add(watcher);
    } else {
      this.pump(watcher);
    }
  }

  remove(watcher: Watcher): void {
    this.#live.leave(watcher);
    this.#ahead.delete(watcher);
    watcher.state = 'ended';
    this.#watchers.delete(watcher);
  }

  /** Writes to a watcher that is behind as much of the ring as its client takes. */
  pump(watcher: Watcher): void {
    if (watcher.state === 'live' || watcher.state === 'ended') return;
    watcher.state = 'behind';
    this.#ahead.delete(watcher);
    while (watcher.next <= this.#flushed) {
      if (watcher.next < this.#ring.first) return this.#tooSlow(watcher);
      if (watcher.outlet.full) return this.#noteFull(watcher);
      const { responses, next, events } = this.#slices.of(watcher, this.#ring, this.#flushed, this.header());
      for (const response of responses) watcher.write(response);
      this.#options.events.delivered(events);
      watcher.next = next;
      watcher.fullSince = undefined;
    }
    watcher.fullSince = undefined;
    if (watcher.next === this.#flushed + 1n) this.#live.join(watcher);
    else this.#ahead.add(watcher);
  }

  /** Tells watchers that asked for it how far they are, unless they have just heard. */
  tellProgress(): void {
    const progress = new SharedResponse({ header: this.header() });
    for (const watcher of this.#watchers) {
      if (watcher.state !== 'live') continue;
      if (watcher.progressNotify && !watcher.wroteSince && !watcher.outlet.full) watcher.write(progress);
      watcher.wroteSince = false;
    }
  }

  /** Ends watchers whose clients have taken nothing for longer than that. Milliseconds. */
  endSlow(mostFullMs: number): void {
    const latest = performance.now() - mostFullMs;
    for (const watcher of this.#watchers) {
      if (watcher.fullSince !== undefined && watcher.fullSince < latest) this.#tooSlow(watcher);
    }
  }

  close(): void {
    this.#stop.abort();
    this.#history.close();
    if (this.#flushing !== undefined) clearImmediate(this.#flushing);
  }

  #observer(): SyncObserver<RawEvent> {
    const { events } = this.#options;
    return {
      replaced: (items, position) =>
        this.#replace(
          items.map(({ kv }) => kv),
          position,
        ),
      applied: (items, position) => this.#apply(items, position),
      state: (state, why) => {
        const connected = state === 'watching';
        if (connected !== this.#connected) this.#since = performance.now();
        this.#connected = connected;
        events.state(this.span, state, why);
      },
      watchEnded: (end) => {
        if (end === 'went-back') this.#lost = bigger(this.#lost, this.#flushed);
        events.watchEnded(end);
      },
    };
  }

  /** Everything was read anew: what happened in between is not known, so nobody may go on as if it were. */
  #replace(all: readonly RawKeyValue[], position: Position): void {
    this.#flush();
    this.#slices.clear();
    this.mirror.replace(all);
    this.#heardAt = performance.now();
    this.#ring = new EventRing(this.#options.ring, position.revision + 1n);
    this.#position = position;
    this.#flushed = position.revision;
    const left = [...this.#watchers];
    for (const watcher of left) this.#end(watcher, compactedResponse(this.header(), position.revision));
    this.#history.forget();
    this.#options.events.relisted(left.length);
    this.#ready.resolve();
  }

  #apply(items: readonly RawEvent[], position: Position): void {
    for (const revision of byRevision(items, this.mirror)) {
      this.#ring.append(revision);
      this.#pending.push(revision);
    }
    this.#position = position;
    this.#heardAt = performance.now();
    if (items.length > 0) this.#flushing ??= setImmediate(() => this.#flush());
    else this.#progress();
  }

  #progress(): void {
    this.#flush();
    this.#progressed.resolve();
    this.#progressed = Promise.withResolvers();
  }

  #flush(): void {
    if (this.#flushing !== undefined) clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const pending = this.#pending;
    this.#pending = [];
    for (const batch of batches(pending)) this.#write(batch);
    this.#flushed = bigger(this.#flushed, this.#position?.revision ?? 0n);
    // Also those that now are where we are: they are told of progress from here on.
    for (const watcher of this.#ahead) if (watcher.next <= this.#flushed + 1n) this.pump(watcher);
  }

  #write(batch: readonly Revision[]): void {
    const events = batch.flatMap((revision) => revision.events);
    const last = batch.at(-1)?.revision ?? 0n;
    const written = this.#live.give(this.header(last), events, (watcher) => this.#fallBehind(watcher));
    this.#options.events.delivered(written);
    this.#flushed = last;
  }

  #fallBehind(watcher: Watcher): void {
    this.#live.leave(watcher);
    watcher.state = 'behind';
    watcher.next = this.#flushed + 1n;
    this.#noteFull(watcher);
  }

  #noteFull(watcher: Watcher): void {
    watcher.fullSince ??= performance.now();
  }

  #tooSlow(watcher: Watcher): void {
    this.#options.events.tooSlow();
    this.#end(watcher, tooSlowResponse(this.header(), watcher.next));
  }

  #end(watcher: Watcher, response: SharedResponse): void {
    if (watcher.state === 'ended') return;
    this.remove(watcher);
    watcher.write(response);
    watcher.onEnd();
  }
}
