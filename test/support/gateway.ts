/** A real gateway process for tests, before a given etcd, with an echo server as its upstream. */
import { spawn } from 'node:child_process';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from './etcd.ts';

export interface WorkerStatus {
  readonly id: number;
  readonly pid: number;
  readonly ready: boolean;
  readonly revision: string;
  readonly routes: number;
  readonly syncState: string;
  readonly rejected: Readonly<Record<string, string>>;
}

export interface TestGateway extends AsyncDisposable {
  readonly traffic: URL;
  readonly status: URL;
  readonly pid: number;
  /** Exit code, once it has ended and all that it said is in the log. */
  readonly exited: Promise<number | null>;
  readonly log: () => string;
  workers(): Promise<readonly WorkerStatus[]>;
  /** The routes that its first worker has in force: id → its first uri. */
  routes(): Promise<ReadonlyMap<string, string>>;
  /** What `/metrics` says, as it is. */
  readonly metrics: () => Promise<string>;
  /** The sum of the series of that name, over all workers; a name may end in its labels. 0 when there is none. */
  metric(name: string): Promise<number>;
  ready(): Promise<boolean>;
  /** Status and body of a GET on a fresh connection. */
  get(path: string): Promise<string>;
}

export interface GatewayOptions {
  readonly etcd: URL;
  readonly workers?: number;
  readonly watchTimeoutMs?: number;
  readonly mutants?: string;
  readonly prefix?: string;
  readonly listen?: URL;
  /** In a process group of its own, which a test can signal as a terminal does. */
  readonly ownGroup?: boolean;
  /** Further settings, by the names of their variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  const traffic = options.listen ?? new URL(`http://127.0.0.1:${await freePort()}`);
  const status = new URL(`http://127.0.0.1:${await freePort()}`);
  const child = spawn(process.execPath, ['gateway/main.ts'], {
    env: {
      ...process.env,
      GATEWAY_LISTEN: traffic.host,
      GATEWAY_STATUS: status.host,
      GATEWAY_ETCD: options.etcd.origin,
      GATEWAY_PREFIX: options.prefix ?? '/apisix',
      GATEWAY_WORKERS: String(options.workers ?? 1),
      GATEWAY_WATCH_TIMEOUT_MS: String(options.watchTimeoutMs ?? 50_000),
      GATEWAY_MUTANTS: options.mutants ?? '',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
  });
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const page = async (): Promise<{ ready: boolean; workers: readonly WorkerStatus[] }> => {
    const answer = await fetch(new URL('/status/ready', status));
    return (await answer.json()) as { ready: boolean; workers: readonly WorkerStatus[] };
  };
  const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', status))).text();
  return {
    traffic,
    status,
    exited,
    pid: child.pid ?? -1,
    log: () => log,
    workers: async () => (await page()).workers,
    routes: () => allRoutes(status),
    metrics,
    metric: async (name) => sumOf(await metrics(), name),
    ready: () =>
      page().then(
        ({ ready }) => ready,
        () => false,
      ),
    async get(path) {
      const answer = await fetch(new URL(path, traffic), { headers: { connection: 'close' } });
      return `${answer.status} ${await answer.text()}`;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function allRoutes(status: URL): Promise<ReadonlyMap<string, string>> {
  const routes = new Map<string, string>();
  for (let page = 1; ; page++) {
    const answer = await fetch(new URL(`/v1/routes?page=${page}&page_size=1000`, status));
    const { list } = (await answer.json()) as { list: readonly { id: string; uris: readonly string[] }[] };
    if (list.length === 0) return routes;
    for (const { id, uris } of list) routes.set(id, uris[0] ?? '');
  }
}

function sumOf(metrics: string, name: string): number {
  const series = metrics.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return series.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

export interface EchoUpstream extends AsyncDisposable {
  /** `host:port`. */
  readonly node: string;
  readonly server: Server;
}

/** Answers every request with its path. */
export async function startEcho(): Promise<EchoUpstream> {
  const server = createServer((request, response) => response.end(request.url)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    server,
    node: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The value of a route that answers `path` with `/seq/<seq>`. */
export function routeTo(upstream: EchoUpstream, path: string, seq: number): string {
  return JSON.stringify({
    uri: path,
    upstream: { type: 'roundrobin', nodes: { [upstream.node]: 1 } },
    plugins: { 'proxy-rewrite': { uri: `/seq/${seq}` } },
  });
}
