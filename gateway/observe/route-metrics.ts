/** Answers and latency by route, for routes that ask for it with the `prometheus` plugin. */
import { Counter } from 'prom-client';
import type { RequestContext } from '../proxy/request-context.ts';
import { Times, TimesHistogram } from './times.ts';

/** More routes than this are counted together: each name is memory here and in whoever scrapes it. */
const mostRoutes = 500;
const others = 'others';

/** What is counted under one name. */
interface Counted {
  /** Consumer → status → answers since somebody last asked. */
  readonly answers: Map<string, Map<number, number>>;
  /** In all. */
  readonly request: Times;
  /** Of that the upstream. */
  readonly upstream: Times;
}

export function routeMetrics(): (context: RequestContext, status: number, byName: boolean) => void {
  const routes = new Map<string, Counted>();
  countedAnswers(routes);
  void new TimesHistogram(
    'gateway_http_latency_seconds',
    'until the head of the answer: in all, and of that the upstream',
    (name) =>
      [...routes].flatMap(([route, { request, upstream }]) => [
        ...request.values(name, { type: 'request', route }),
        ...upstream.values(name, { type: 'upstream', route }),
      ]),
  );
  return (context, status, byName) => {
    const taken = context.match?.route;
    const name = (byName ? taken?.name : undefined) ?? taken?.id ?? '';
    const { answers, request, upstream } = countedOf(routes, name);
    const consumer = context.consumer?.username ?? '';
    let byStatus = answers.get(consumer);
    if (byStatus === undefined) answers.set(consumer, (byStatus = new Map()));
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    const now = performance.now();
    request.add((now - context.startedAt) / 1_000);
    if (context.upstreamStartedAt !== undefined) upstream.add((now - context.upstreamStartedAt) / 1_000);
  };
}

function countedOf(routes: Map<string, Counted>, name: string): Counted {
  const known = routes.get(name);
  if (known !== undefined) return known;
  if (routes.size >= mostRoutes && name !== others) return countedOf(routes, others);
  const made = { answers: new Map<string, Map<number, number>>(), request: new Times(), upstream: new Times() };
  routes.set(name, made);
  return made;
}

function countedAnswers(routes: ReadonlyMap<string, Counted>): void {
  void new Counter({
    name: 'gateway_http_status',
    help: 'answers',
    labelNames: ['code', 'route', 'consumer'],
    collect() {
      for (const [route, { answers }] of routes) {
        for (const [consumer, byStatus] of answers) {
          for (const [code, count] of byStatus) this.inc({ code, route, consumer }, count);
        }
        answers.clear();
      }
    },
  });
}
