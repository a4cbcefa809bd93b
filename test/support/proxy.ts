/** A real gateway process before a real etcd that holds one route, with real servers behind it. */
import type { TestNode } from './http.ts';
import { type Settings, type SharedGateway, giveBack, putValue, takeGateway } from './shared-gateways.ts';

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** Resolves when it is in force; rejects with the reason when it is refused. Undefined deletes; `key` is such as `routes/a`. */
  put(key: string, value: object | string | undefined): Promise<void>;
  /** Answers by status, such as `{ 200: 3 }`. */
  served(): Promise<Readonly<Record<string, number>>>;
  /** What the log says of nodes, in order, such as `127.0.0.1:80 unhealthy`. */
  healthChanges(): readonly string[];
  metrics(): Promise<string>;
}

/** Fields of the one route, as they stand in etcd. */
export interface RouteWishes {
  readonly upstream?: object;
  readonly plugins?: object;
  readonly route?: object;
  /** What the gateway is set to, by the names of the variables. */
  readonly settings?: Settings;
  /** A process that no other test has used: for what outlives the configuration, such as counts of limits. */
  readonly alone?: boolean;
}

/** One route for everything, to these nodes. */
export async function startProxy(nodes: readonly TestNode[], wishes: RouteWishes = {}): Promise<TestProxy> {
  const settings = wishes.settings ?? {};
  const shared = await takeGateway(settings, wishes.alone);
  const proxy = await proxyOf(settings, shared);
  const upstream = { nodes, timeout: { connect: 2, send: 10, read: 10 }, ...wishes.upstream };
  const plugins = wishes.plugins === undefined ? {} : { plugins: wishes.plugins };
  await proxy.put('routes/r', { uri: '/*', upstream, ...plugins, ...wishes.route });
  return proxy;
}

async function proxyOf(settings: Settings, shared: SharedGateway): Promise<TestProxy> {
  const { gateway } = shared;
  const answersBefore = answersByStatus(await gateway.metrics());
  const logBefore = gateway.log().length;
  return {
    port: Number(gateway.traffic.port),
    put: (key, value) => putValue(shared, key, value),
    async served() {
      const now = Object.entries(answersByStatus(await gateway.metrics()));
      const since = now.map(([status, count]) => [status, count - (answersBefore[status] ?? 0)] as const);
      return Object.fromEntries(since.filter(([, count]) => count > 0));
    },
    healthChanges: () => healthChanges(gateway.log().slice(logBefore)),
    metrics: gateway.metrics,
    [Symbol.asyncDispose]: () => giveBack(settings, shared),
  };
}

function answersByStatus(metrics: string): Readonly<Record<string, number>> {
  const series = metrics.matchAll(/^gateway_responses_total\{status="(\d+)"\} (\d+)$/gm);
  return Object.fromEntries([...series].map(([, status = '', count]) => [status, Number(count)]));
}

function healthChanges(log: string): readonly string[] {
  const lines = log.matchAll(/"node":"([^"]+)","msg":"upstream node is (healthy|unhealthy)/g);
  return [...lines].map(([, node, now]) => `${node} ${now}`);
}
