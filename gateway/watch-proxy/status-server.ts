/** `/health` and `/metrics` of the proxy itself, beside the port of its clients. */
import { type Server, createServer } from 'node:http';
import type { Feeds } from './feed/feeds.ts';
import type { Metrics } from './metrics.ts';
import type { Upstream } from './upstream/upstream.ts';

interface Watched {
  readonly feeds: Feeds;
  readonly upstream: Upstream;
  readonly metrics: Metrics;
  /** Whether it is about to stop: whoever sends clients here should send them elsewhere. */
  readonly isLeaving: () => boolean;
}

export function createStatusServer(watched: Watched): Server {
  const { registry } = watched.metrics;
  return createServer((request, response) => {
    if (request.url === '/metrics') {
      void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
    } else if (request.url === '/health') {
      void healthOf(watched).then((health) => {
        response.writeHead(health.health === 'true' ? 200 : 503, { 'content-type': 'application/json' });
        response.end(JSON.stringify(health));
      });
    } else response.writeHead(404).end('there are /health and /metrics\n');
  });
}

interface Health {
  /** As etcd says it. */
  readonly health: 'true' | 'false';
  readonly reason?: string;
  readonly ranges: readonly object[];
}

async function healthOf({ feeds, upstream, isLeaving }: Watched): Promise<Health> {
  const ranges = feeds.all.map(({ span, revision, upstream: { connected }, watchers }) => ({
    ...span,
    revision: `${revision}`,
    connected,
    watchers: watchers.size,
  }));
  const no = (reason: string): Health => ({ health: 'false', reason, ranges });
  if (isLeaving()) return no('the watch proxy is shutting down');
  if (!ranges.every(({ connected }) => connected)) return no('a range is not followed');
  // Where nothing is followed, nothing has told yet.
  if (ranges.length === 0 && !(await upstream.isThere())) return no('etcd cannot be reached');
  return { health: 'true', ranges };
}
