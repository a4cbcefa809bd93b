/** Answers and latency by route, for routes that ask for it with the `prometheus` plugin. */
import { Counter, Histogram } from 'prom-client';
import type { RequestContext } from '../proxy/request-context.ts';

/** More routes than this are counted together: each name is memory here and in whoever scrapes it. */
const mostRoutes = 500;

export function routeMetrics(): (context: RequestContext, status: number, byName: boolean) => void {
  const answers = new Counter({
    name: 'gateway_http_status',
    help: 'answers',
    labelNames: ['code', 'route', 'consumer'],
  });
  const latency = new Histogram({
    name: 'gateway_http_latency_seconds',
    help: 'until the head of the answer: in all, and of that the upstream',
    labelNames: ['type', 'route'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
  });
  const known = new Set<string>();
  return (context, status, byName) => {
    const taken = context.match?.route;
    const id = (byName ? taken?.name : undefined) ?? taken?.id ?? '';
    if (known.size < mostRoutes) known.add(id);
    const route = known.has(id) ? id : 'others';
    answers.inc({ code: status, route, consumer: context.consumer?.username ?? '' });
    const now = performance.now();
    latency.observe({ type: 'request', route }, (now - context.startedAt) / 1_000);
    if (context.upstreamStartedAt === undefined) return;
    latency.observe({ type: 'upstream', route }, (now - context.upstreamStartedAt) / 1_000);
  };
}
