/** The watched spans. A watch of keys that one of them covers shares it; any other opens a span of its own. */
import type { Upstream } from '../upstream/upstream.ts';
import { type Span, covers } from '../span.ts';
import { Feed } from './feed.ts';
import type { FeedEvents } from './feed-options.ts';
import type { RingLimits } from './ring.ts';

export interface FeedsOptions {
  readonly upstream: Upstream;
  readonly ring: RingLimits;
  readonly watchTimeoutMs: number;
  readonly events: FeedEvents;
  /** Followed from the start and for ever. */
  readonly pinned: readonly Span[];
  /** How long a span that nobody watches any more is kept. Milliseconds. */
  readonly lingerMs: number;
  /** Silence after which watchers that want it are told how far they are. Milliseconds. */
  readonly progressMs: number;
  /** How long a client may take nothing before its watch is ended. Milliseconds. */
  readonly mostFullMs: number;
}

/** Each costs etcd a watch and us a copy: more are refused. */
const mostFeeds = 1_000;
/** How often it is looked for clients that take nothing and spans that nobody watches. Milliseconds. */
const tidyMs = 1_000;
/** So long may pass between two members of etcd: who lost one is not without a leader yet. Milliseconds. */
const leaderlessMs = 3_000;

export class Feeds {
  readonly #options: FeedsOptions;
  readonly #feeds = new Map<Feed, { readonly pinned: boolean; idleSince: number | undefined }>();
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(options: FeedsOptions) {
    this.#options = options;
    for (const span of options.pinned) this.#open(span, true);
    const telling = setInterval(() => this.#tellProgress(), options.progressMs).unref();
    this.#timers = [telling, setInterval(() => this.#tidy(), tidyMs).unref()];
  }

  get all(): readonly Feed[] {
    return [...this.#feeds.keys()];
  }

  /**
   * Whether etcd is followed, or was a moment ago: a member without a leader ends what follows it. Any span will do, since
   * one alone may fail for reasons of its own.
   */
  get hasLeader(): boolean {
    return this.#feeds.size === 0 || this.all.some(isLed);
  }

  /** The one that covers it, if any. */
  covering(span: Span): Feed | undefined {
    return this.all.find((feed) => covers(feed.span, span));
  }

  /** Undefined when there are too many already. */
  of(span: Span): Feed | undefined {
    const known = this.covering(span);
    const use = known === undefined ? undefined : this.#feeds.get(known);
    // Whoever asks has not joined it yet, and must not find it closed then.
    if (use !== undefined) use.idleSince = undefined;
    if (known !== undefined) return known;
    return this.#feeds.size < mostFeeds ? this.#open(span, false) : undefined;
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const feed of this.#feeds.keys()) feed.close();
  }

  #open(span: Span, pinned: boolean): Feed {
    const { upstream, ring, watchTimeoutMs, events } = this.#options;
    const feed = new Feed({ upstream, span, ring, watchTimeoutMs, events });
    this.#feeds.set(feed, { pinned, idleSince: undefined });
    return feed;
  }

  #tellProgress(): void {
    for (const feed of this.#feeds.keys()) feed.tellProgress();
  }

  /** Ends who takes nothing, and what nobody watches. */
  #tidy(): void {
    const now = performance.now();
    for (const [feed, use] of this.#feeds) {
      feed.endSlow(this.#options.mostFullMs);
      use.idleSince = use.pinned || feed.watchers.size > 0 ? undefined : (use.idleSince ?? now);
      if (use.idleSince === undefined || now - use.idleSince <= this.#options.lingerMs) continue;
      this.#feeds.delete(feed);
      feed.close();
    }
  }
}

function isLed({ upstream: { connected, isComparing, since } }: Feed): boolean {
  return connected || isComparing || performance.now() - since <= leaderlessMs;
}
