/** A real gateway before a real etcd that holds a table of routes, each answering with a number of its own. */
import path from 'node:path';
import { Etcd3 } from 'etcd3';
import { freePort, startEtcd } from '../test/support/etcd.ts';
import { type TestGateway, startGateway } from '../test/support/gateway.ts';
import { until } from '../test/support/http.ts';
import { accepts, startPinned } from './pinned-process.ts';

/** etcd takes 128 operations in a transaction. */
const perTransaction = 100;
const upstreamCore = 0;
/** Reading 50,000 routes takes a start longer than a benchmark should ever wait for anything else. Milliseconds. */
const readyWithinMs = 120_000;

export interface SeededRoute {
  readonly id: string;
  readonly path: string;
  readonly seq: number;
}

export interface SeededWorld extends AsyncDisposable {
  readonly client: Etcd3;
  readonly gateway: TestGateway;
  readonly traffic: URL;
  /** The value of a route of that path, answering `/seq/<seq>`. */
  readonly route: (path: string, seq: number) => string;
  /**
   * Puts them in as few transactions as etcd allows, one after the other; resolves with the last revision, once all are
   * committed. Under another prefix than the gateway's, it is the same work for everybody but the gateway.
   */
  readonly putAll: (routes: readonly SeededRoute[], prefix?: string) => Promise<bigint>;
  /** Resolves once every worker says that it has that revision in force. */
  readonly inForce: (revision: bigint) => Promise<void>;
  /** Of the first worker. */
  readonly workerPid: () => Promise<number>;
}

export interface WorldOptions {
  /** Route n is `/settled/<n>` and answers `/seq/<n>`. */
  readonly routes: number;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Route n of every such table, as it is at first or with another number to answer. */
export function settledRoute(n: number, seq: number = n): SeededRoute {
  return { id: `settled-${n}`, path: `/settled/${n}`, seq };
}

export async function startSeededWorld({ routes, workers = 1, env = {} }: WorldOptions): Promise<SeededWorld> {
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd());
  const upstream = await freePort();
  const program = path.join(import.meta.dirname, 'echo-upstream.ts');
  stack.use(await startPinned(upstreamCore, [process.execPath, program, `${upstream}`], () => accepts(upstream)));
  const client = new Etcd3({ hosts: etcd.url.origin });
  stack.defer(() => client.close());
  const route = (path: string, seq: number): string => routeValue(upstream, path, seq);
  const putAll: SeededWorld['putAll'] = async (all, prefix = '/apisix') => {
    let revision = 0n;
    for (let first = 0; first < all.length; first += perTransaction) {
      const puts = all
        .slice(first, first + perTransaction)
        .map(({ id, path, seq }) => client.put(`${prefix}/routes/${id}`).value(route(path, seq)));
      const { header } = await client
        .if('\0', 'Create', '==', 0)
        .then(...puts)
        .commit();
      revision = BigInt(header.revision);
    }
    return revision;
  };
  await putAll(Array.from({ length: routes }, (_, n) => settledRoute(n)));
  const gateway = stack.use(await startGateway({ etcd: etcd.url, workers, env: { GATEWAY_LOG: 'error', ...env } }));
  await until(() => gateway.ready(), 'the gateway is ready', readyWithinMs);
  const owned = stack.move();
  return {
    client,
    gateway,
    traffic: gateway.traffic,
    route,
    putAll,
    inForce: (revision) => until(async () => hasInForce(gateway, revision), `revision ${revision} is in force`),
    workerPid: async () => (await gateway.workers())[0]?.pid ?? -1,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function hasInForce(gateway: TestGateway, revision: bigint): Promise<boolean> {
  const workers = await gateway.workers();
  return workers.length > 0 && workers.every((worker) => BigInt(worker.revision) >= revision);
}

/** With a condition that holds for requests without a query, a rewritten path and counters, as routes have them. */
function routeValue(upstream: number, uri: string, seq: number): string {
  return JSON.stringify({
    uri,
    methods: ['GET', 'HEAD'],
    vars: [['arg_version', '~=', 'v0']],
    upstream: { nodes: { [`127.0.0.1:${upstream}`]: 1 } },
    plugins: { 'proxy-rewrite': { uri: `/seq/${seq}` }, prometheus: {} },
  });
}
