/**
 * The gateway as its real process, one worker, configured from a real etcd with 10,000 routes. Each has a host, a method,
 * `vars`, a rewritten path and a header more, and is counted under its name: what a request costs is with all of that.
 */
import path from 'node:path';
import { freePort, startEtcd } from '../test/support/etcd.ts';
import { type PinnedProcess, startPinned } from './pinned-process.ts';
import { type Sample, sampleRoute } from './route-mix.ts';

const routes = 10_000;
/** etcd takes 128 operations in a transaction. */
const perTransaction = 100;
const main = path.join(import.meta.dirname, '..', 'gateway', 'main.ts');
/** What a request must bring to fit the `vars` of its route. */
const query = '?version=v1';

/** What `make bench` says of it. */
export const underBench = '10,000 routes with vars, proxy-rewrite and prometheus';

export interface GatewayUnderBench extends AsyncDisposable {
  readonly process: PinnedProcess;
  /** What its GET routes answer, one in twelve of the table. */
  readonly targets: readonly { readonly host: string; readonly path: string }[];
  /** What its POST routes answer. */
  readonly postTargets: GatewayUnderBench['targets'];
}

export async function startGateway(core: number, listen: number, upstream: number): Promise<GatewayUnderBench> {
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd());
  const samples = Array.from({ length: routes }, (_, index) => sampleRoute(index, routes));
  for (let first = 0; first < routes; first += perTransaction)
    await putRoutes(etcd.url, samples.slice(first, first + perTransaction), upstream);
  const status = await freePort();
  const env = {
    GATEWAY_ETCD: etcd.url.origin,
    GATEWAY_LISTEN: `127.0.0.1:${listen}`,
    GATEWAY_STATUS: `127.0.0.1:${status}`,
    GATEWAY_WORKERS: '1',
    GATEWAY_LOG: 'warn',
  };
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${status}/status/ready`).catch(() => undefined);
    const { workers } = ((await answer?.json()) ?? {}) as { workers?: readonly { readonly routes: number }[] };
    return answer?.ok === true && workers?.[0]?.routes === routes;
  };
  const gateway = stack.use(await startPinned(core, [process.execPath, main], ready, env));
  const owned = stack.move();
  return {
    process: gateway,
    targets: targetsOf(samples, 'GET'),
    postTargets: targetsOf(samples, 'POST'),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function targetsOf(samples: readonly Sample[], method: string): GatewayUnderBench['targets'] {
  const own = samples.filter(({ request }) => request.method === method);
  const some = own.filter((_, index) => index % 3 === 0);
  return some.map(({ request: { host, path } }) => ({ host, path: path + query }));
}

/** Through etcd's JSON gateway: no client to depend on. */
async function putRoutes(etcd: URL, samples: readonly Sample[], upstream: number): Promise<void> {
  const success = samples.map(({ route: { id, uris, hosts, methods } }) => {
    const value = {
      uri: uris[0],
      host: hosts[0],
      methods,
      vars: [['arg_version', '==', 'v1']],
      plugins: {
        'proxy-rewrite': { regex_uri: ['^/api/(.*)', '/$1'], headers: { set: { 'X-Route': id } } },
        prometheus: {},
      },
      upstream: { nodes: { [`127.0.0.1:${upstream}`]: 1 } },
    };
    return { requestPut: { key: base64(`/apisix/routes/${id}`), value: base64(JSON.stringify(value)) } };
  });
  const answer = await fetch(new URL('/v3/kv/txn', etcd), { method: 'POST', body: JSON.stringify({ success }) });
  if (!answer.ok) throw new Error(`etcd refused the routes: ${answer.status} ${await answer.text()}`);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
