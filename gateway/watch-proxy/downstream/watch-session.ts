/** One Watch stream of a client, whatever protocol it speaks: its requests in order, and its watches. */
import type { Feed } from '../feed/feed.ts';
import type { Feeds } from '../feed/feeds.ts';
import { canceledResponse } from '../feed/responses.ts';
import { selectionOf } from '../feed/selection.ts';
import { type Outlet, Watcher } from '../feed/watcher.ts';
import type { RawCreateRequest, RawWatchRequest } from '../../etcd/rpc.ts';
import { type Span, isEmpty, spanOf } from '../span.ts';
import { type Credentials, type Permissions, revokes } from './permissions.ts';
import { SharedResponse, formOf } from './shared-response.ts';
import { within } from './within.ts';

export interface WatchService {
  readonly feeds: Feeds;
  readonly permissions: Permissions;
}

/** etcd's id for a watch that is not. */
const noWatch = -1n;
/** How long a client waits while etcd does not answer, before its stream is ended. Milliseconds. */
const readyMs = 5_000;
/** How long the newest revision is waited for; without an answer the proxy's own serves as well. Milliseconds. */
const freshMs = 1_000;

interface Watch {
  readonly watcher: Watcher;
  readonly feed: Feed;
}

export class WatchSession {
  readonly #service: WatchService;
  readonly #outlet: Outlet;
  readonly #credentials: Credentials;
  /** Ends the stream: etcd cannot be reached. */
  readonly #unavailable: (reason: string) => void;
  readonly #watches = new Map<bigint, Watch>();
  #turn: Promise<void> = Promise.resolve();
  #nextId = 0n;
  #closed = false;

  constructor(service: WatchService, outlet: Outlet, credentials: Credentials, unavailable: (reason: string) => void) {
    this.#service = service;
    this.#outlet = outlet;
    this.#credentials = credentials;
    this.#unavailable = unavailable;
  }

  get watches(): number {
    return this.#watches.size;
  }

  /** Requests are answered in the order in which they came. */
  take(request: RawWatchRequest): void {
    this.#turn = this.#turn
      .then(() => this.#answer(request))
      .catch((error: unknown) => {
        if (!this.#closed) this.#unavailable(error instanceof Error ? error.message : String(error));
      });
  }

  /** The client takes again. */
  drained(): void {
    for (const { watcher, feed } of this.#watches.values()) {
      if (this.#outlet.full) return;
      if (watcher.state === 'behind') feed.pump(watcher);
    }
  }

  close(): void {
    this.#closed = true;
    for (const { watcher, feed } of this.#watches.values()) feed.remove(watcher);
    this.#watches.clear();
  }

  /** Ends the watches of keys that the client may read no more. */
  async checkRights(): Promise<void> {
    for (const { watcher, feed } of this.#watches.values()) {
      const refusal = await this.#service.permissions.check(this.#credentials, watcher.selection.span);
      if (!revokes(refusal) || !this.#watches.has(watcher.id)) continue;
      feed.remove(watcher);
      this.#watches.delete(watcher.id);
      this.#tell(canceledResponse(feed.header(), refusal ?? ''), watcher.id);
    }
  }

  async #answer(request: RawWatchRequest): Promise<void> {
    if (this.#closed) return;
    if (request.create_request !== undefined) await this.#create(request.create_request);
    else if (request.cancel_request !== undefined) this.#cancel(BigInt(request.cancel_request.watch_id ?? 0));
    else if (request.progress_request !== undefined) await this.#tellProgress();
  }

  async #create(request: RawCreateRequest): Promise<void> {
    const span = spanOf(request);
    const refusal = await within(this.#service.permissions.check(this.#credentials, span), readyMs, 'etcd');
    if (refusal !== undefined) return this.#refuse(refusal, this.#service.feeds.covering(span));
    if (isEmpty(span)) return this.#refuse('mvcc: watcher range is empty', this.#service.feeds.covering(span));
    const feed = this.#service.feeds.of(span);
    if (feed === undefined) return this.#refuse('watch proxy: too many different ranges are watched');
    await within(feed.ready, readyMs, 'etcd');
    const wanted = BigInt(request.watch_id ?? 0);
    if (wanted !== 0n && this.#watches.has(wanted)) {
      return this.#refuse('mvcc: duplicate watch ID provided on the WatchStream', feed);
    }
    const start = BigInt(request.start_revision ?? 0);
    // Without a start, events begin after what is newest now, in etcd and not in what has come here so far.
    const now = start === 0n ? await this.#newest(feed) : await this.#known(feed, start);
    if (this.#closed) return;
    this.#open(feed, {
      request,
      span,
      id: wanted === 0n ? this.#freeId() : wanted,
      from: start > 0n ? start : now + 1n,
      now,
    });
  }

  #open(feed: Feed, { request, span, id, from, now }: Opening): void {
    const watcher = new Watcher({
      id,
      from,
      selection: selectionOf(request, span),
      progressNotify: request.progress_notify === true,
      outlet: this.#outlet,
      onEnd: () => this.#watches.delete(id),
    });
    this.#watches.set(id, { watcher, feed });
    this.#tell(new SharedResponse({ header: feed.header(now), created: true }), id);
    feed.add(watcher, now);
  }

  /** Only etcd can tell a client that is ahead of us from one of a history that is lost: without its word neither is told. */
  async #known(feed: Feed, start: bigint): Promise<bigint> {
    if (!feed.mayBeLost(start)) return feed.revision;
    return (await within(feed.source.position(), readyMs, 'etcd')).revision;
  }

  async #newest(feed: Feed): Promise<bigint> {
    try {
      const { revision } = await within(feed.source.position(), freshMs, 'etcd');
      return revision;
    } catch {
      // What etcd has beyond this, the client gets as events: more than it asked for, never less.
      return feed.revision;
    }
  }

  #refuse(reason: string, feed?: Feed): void {
    const response = { header: feed?.header() ?? {}, created: true, canceled: true, cancel_reason: reason };
    this.#tell(new SharedResponse(response), noWatch);
  }

  #cancel(id: bigint): void {
    const watch = this.#watches.get(id);
    // etcd says nothing either to an id that it does not know.
    if (watch === undefined) return;
    this.#watches.delete(id);
    watch.feed.remove(watch.watcher);
    this.#tell(new SharedResponse({ header: watch.feed.header(), canceled: true }), id);
  }

  /** The revision up to which every watch of this stream has got its events; nothing while one of them is behind. */
  async #tellProgress(): Promise<void> {
    const feeds = [...new Set([...this.#watches.values()].map(({ feed }) => feed))];
    const fresh = Promise.all(feeds.map((feed) => feed.progressed));
    await within(fresh, freshMs, 'etcd').catch(() => undefined);
    const states = [...this.#watches.values()].map(({ watcher: { state, next }, feed }) => ({
      behind: state === 'history' || (state === 'behind' && next <= feed.revision),
    }));
    if (this.#closed || states.some(({ behind }) => behind)) return;
    const least = feeds.reduce<Feed | undefined>(
      (least, feed) => (least === undefined || feed.revision < least.revision ? feed : least),
      this.#service.feeds.all[0],
    );
    if (least !== undefined) this.#tell(new SharedResponse({ header: least.header() }), noWatch);
  }

  /** What one watch is told for itself, or the stream as a whole. */
  #tell(response: SharedResponse, id: bigint): void {
    this.#outlet.write(response.encoded(formOf(this.#outlet.protocol, id)));
  }

  #freeId(): bigint {
    while (this.#watches.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }
}

interface Opening {
  readonly request: RawCreateRequest;
  readonly span: Span;
  readonly id: bigint;
  readonly from: bigint;
  readonly now: bigint;
}
