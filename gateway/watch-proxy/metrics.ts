/** What the proxy tells of itself, for Prometheus and in its log. */
import type { Logger } from 'pino';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { OpenStreams } from './downstream/open-streams.ts';
import type { Feed } from './feed/feed.ts';
import type { FeedEvents } from './feed/feed-options.ts';
import type { Feeds } from './feed/feeds.ts';
import type { Watcher } from './feed/watcher.ts';

export interface Metrics {
  readonly registry: Registry;
  events(log: Logger): FeedEvents;
  observe(feeds: Feeds, streams: OpenStreams): void;
}

/**
 * Node's own lag of the event loop is looked at this often, and wakes the process each time. It counts the wait itself as
 * lag, so that what it tells over time is left out; what it is when it is asked for stays. Milliseconds.
 */
const lagEveryMs = 1_000;
const untold = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagEveryMs });
  for (const name of untold) registry.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`);
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers: [registry] });
  const delivered = counter('watch_proxy_events_delivered_total', 'Events written to watchers.');
  const tooSlow = counter(
    'watch_proxy_slow_consumers_canceled_total',
    'Watches ended because their client took too little.',
  );
  const relists = counter('watch_proxy_relists_total', 'Full reads of a watched range.');
  const canceled = counter('watch_proxy_watches_compacted_total', 'Watches that were told to list again.');
  const ended = new Counter({
    name: 'watch_proxy_upstream_watches_ended_total',
    help: 'Upstream watches that ended, by how.',
    labelNames: ['end'],
    registers: [registry],
  });
  return {
    registry,
    events: (log) => ({
      state: (span, state, why) => log[state === 'waiting' ? 'warn' : 'debug']({ span, state, why }, 'upstream watch'),
      watchEnded: (end) => ended.inc({ end }),
      delivered: (events) => delivered.inc(events),
      relisted(count) {
        relists.inc();
        canceled.inc(count);
        if (count > 0) log.warn({ watches: count }, 'history is lost: watches were told to list again');
      },
      tooSlow: () => tooSlow.inc(),
    }),
    observe: (feeds, streams) => observe(registry, feeds, streams),
  };
}

function observe(registry: Registry, feeds: Feeds, streams: OpenStreams): void {
  const gauge = (name: string, help: string, value: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  const perFeed = (name: string, help: string, of: (feed: Feed) => number): Gauge =>
    gauge(name, help, () => feeds.all.reduce((total, feed) => total + of(feed), 0));
  gauge('watch_proxy_streams', 'Watch streams of clients.', () => streams.size);
  perFeed('watch_proxy_upstream_watches', 'Watches open to etcd.', ({ upstream }) => (upstream.connected ? 1 : 0));
  perFeed('watch_proxy_watched_ranges', 'Ranges followed.', () => 1);
  perFeed('watch_proxy_watchers', 'Watches of clients.', ({ watchers }) => watchers.size);
  perFeed('watch_proxy_watchers_behind', 'Watches that read from the ring what they lack.', (feed) =>
    count(feed, ({ state, next }) => state === 'behind' && next <= feed.revision),
  );
  perFeed('watch_proxy_watchers_in_history', 'Watches that wait for what the ring has no more.', (feed) =>
    count(feed, ({ state }) => state === 'history'),
  );
  const worst = (name: string, help: string, of: (feed: Feed) => number): Gauge =>
    gauge(name, help, () => Math.max(0, ...feeds.all.map(of)));
  worst('watch_proxy_unwritten_revisions', 'What came and is not written yet, of the range with the most.', (feed) =>
    Number(feed.mirrored - feed.revision),
  );
  worst(
    'watch_proxy_upstream_age_seconds',
    'Since etcd said how far it is, of the range with the longest.',
    (feed) => feed.ageMs / 1_000,
  );
  perFeed('watch_proxy_ring_events', 'Events kept to resume from.', ({ ring }) => ring.events);
  perFeed('watch_proxy_ring_bytes', 'Their size.', ({ ring }) => ring.bytes);
  perFeed('watch_proxy_mirrored_keys', 'Keys kept to read from.', ({ mirror }) => mirror.size);
}

function count({ watchers }: Feed, holds: (watcher: Watcher) => boolean): number {
  let found = 0;
  for (const watcher of watchers) if (holds(watcher)) found++;
  return found;
}
