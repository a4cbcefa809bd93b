/** `/health` and `/metrics` of the proxy itself, beside the port of its clients. */
import { type Server, createServer } from 'node:http';
import type { Feeds } from './feed/feeds.ts';
import type { Metrics } from './metrics.ts';

export function createStatusServer(feeds: Feeds, { registry }: Metrics): Server {
  return createServer((request, response) => {
    if (request.url === '/metrics') {
      void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
    } else if (request.url === '/health') {
      const ranges = feeds.all.map(({ span, revision, upstream, watchers }) => ({
        ...span,
        revision: `${revision}`,
        connected: upstream.connected,
        watchers: watchers.size,
      }));
      const healthy = ranges.every(({ connected }) => connected);
      response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ health: healthy ? 'true' : 'false', ranges }));
    } else response.writeHead(404).end('there are /health and /metrics\n');
  });
}
