/** A real gateway before a real etcd that holds a table of routes, each answering with a number of its own. */
import { Etcd3 } from 'etcd3';
import { startEtcd } from '../test/support/etcd.ts';
import { type TestGateway, startEcho, startGateway } from '../test/support/gateway.ts';
import { until } from '../test/support/http.ts';

/** etcd takes 128 operations in a transaction. */
const perTransaction = 100;

export interface SeededWorld extends AsyncDisposable {
  readonly client: Etcd3;
  readonly gateway: TestGateway;
  readonly traffic: URL;
  /** The value of a route of that path, answering `/seq/<seq>`. */
  readonly route: (path: string, seq: number) => string;
  /** Puts them in as few transactions as etcd allows; resolves once all are committed. */
  putAll(routes: readonly { readonly id: string; readonly path: string; readonly seq: number }[]): Promise<void>;
}

export interface WorldOptions {
  /** Route n is `/settled/<n>` and answers `/seq/<n>`. */
  readonly routes: number;
  readonly workers?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startSeededWorld({ routes, workers = 1, env = {} }: WorldOptions): Promise<SeededWorld> {
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd());
  const echo = stack.use(await startEcho());
  const client = new Etcd3({ hosts: etcd.url.origin });
  stack.defer(() => client.close());
  const route: SeededWorld['route'] = (path, seq) =>
    JSON.stringify({
      uri: path,
      upstream: { nodes: { [echo.node]: 1 } },
      plugins: { 'proxy-rewrite': { uri: `/seq/${seq}` } },
    });
  const putAll: SeededWorld['putAll'] = async (all) => {
    for (let first = 0; first < all.length; first += perTransaction) {
      const puts = all
        .slice(first, first + perTransaction)
        .map(({ id, path, seq }) => client.put(`/apisix/routes/${id}`).value(route(path, seq)));
      await client
        .if('\0', 'Create', '==', 0)
        .then(...puts)
        .commit();
    }
  };
  await putAll(
    Array.from({ length: routes }, (_, index) => ({ id: `settled-${index}`, path: `/settled/${index}`, seq: index })),
  );
  const gateway = stack.use(await startGateway({ etcd: etcd.url, workers, env: { GATEWAY_LOG: 'error', ...env } }));
  await until(() => gateway.ready(), 'the gateway is ready');
  const owned = stack.move();
  return {
    client,
    gateway,
    traffic: gateway.traffic,
    route,
    putAll,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
