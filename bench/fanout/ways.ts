/** The ways from etcd to its watchers: straight, through etcd's own proxy, through ours. Each on a core of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findEtcd } from '../../harness/tools/etcd.ts';
import { freePort } from '../../test/support/etcd.ts';
import { type PinnedProcess, accepts, startPinned } from '../pinned-process.ts';
import { type Protocol, prefix } from './marks.ts';

const servedCore = 1;

export type WayName =
  | 'nobody'
  | 'etcd-grpc'
  | 'etcd-json'
  | 'etcd-proxy'
  | 'bare-json'
  | 'bare-past'
  | 'proxy-json'
  | 'proxy-grpc'
  | 'proxy-puts';

interface Definition {
  readonly title: string;
  /** What stands before etcd. */
  readonly through?: (etcd: URL) => Promise<Server>;
  readonly protocol?: Protocol;
  /** The writer goes the way of the watchers too, and not straight to etcd. */
  readonly putsThrough?: true;
}

/** `nobody` is the reference: the same puts with no watcher at all. */
export const ways: Readonly<Record<WayName, Definition>> = {
  nobody: { title: 'nobody watches' },
  'etcd-grpc': { title: 'etcd itself, gRPC', protocol: 'grpc' },
  'etcd-json': { title: 'etcd itself, JSON', protocol: 'json' },
  'etcd-proxy': { title: "etcd's grpc-proxy", through: startEtcdProxy, protocol: 'grpc' },
  'bare-json': { title: 'bare fan-out, JSON', through: (etcd) => startBareFanout(etcd), protocol: 'json' },
  'bare-past': {
    title: "bare fan-out past Node's stream, JSON",
    through: (etcd) => startBareFanout(etcd, 'past-stream'),
    protocol: 'json',
  },
  'proxy-json': { title: 'watch proxy, JSON', through: startWatchProxy, protocol: 'json' },
  'proxy-grpc': { title: 'watch proxy, gRPC', through: startWatchProxy, protocol: 'grpc' },
  'proxy-puts': { title: 'watch proxy, puts too', through: startWatchProxy, protocol: 'grpc', putsThrough: true },
};

export interface Server extends AsyncDisposable {
  readonly url: URL;
  readonly pid: number;
}

export interface Way extends AsyncDisposable {
  readonly etcd: Server;
  /** Whoever has the watchers: etcd, or what stands before it. */
  readonly server: Server;
  /** Where the writer writes. */
  readonly puts: URL;
  readonly protocol: Protocol | undefined;
}

/** Everything fresh, so that no round inherits what another left in a process. */
export async function startWay(name: WayName): Promise<Way> {
  const { through, protocol, putsThrough } = ways[name];
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd());
  const server = through === undefined ? etcd : stack.use(await through(etcd.url));
  const owned = stack.move();
  const puts = putsThrough === true ? server.url : etcd.url;
  return { etcd, server, puts, protocol, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function etcdBinary(): Promise<string> {
  const found = await findEtcd();
  if (found === undefined) throw new Error('there is no etcd: run make setup');
  return found.path;
}

/** A single member that writes to the disk as etcd does: what a put takes is part of what is measured. */
async function startEtcd(): Promise<Server> {
  const data = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-etcd-'));
  const [client, peer] = [await freePort(), `http://127.0.0.1:${await freePort()}`];
  const url = new URL(`http://127.0.0.1:${client}`);
  const args = ['--name=bench', `--data-dir=${data}/etcd`, '--log-level=error', '--heartbeat-interval=50'];
  args.push('--election-timeout=300', `--listen-client-urls=${url.origin}`, `--advertise-client-urls=${url.origin}`);
  args.push(`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=bench=${peer}`);
  const healthy = () => answers(new URL('/health', url));
  // Its JSON gateway prints a line for each client that goes, whatever the level of the log.
  const started = await startPinned(servedCore, [await etcdBinary(), ...args], healthy, {}, 'ignore');
  return {
    url,
    pid: started.pid,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function startEtcdProxy(etcd: URL): Promise<Server> {
  const port = await freePort();
  const data = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-proxy-'));
  const args = ['grpc-proxy', 'start', `--endpoints=${etcd.host}`, `--listen-addr=127.0.0.1:${port}`];
  args.push(`--advertise-client-url=127.0.0.1:${port}`, `--data-dir=${data}`);
  // It logs every connection, whatever it is told.
  const started = await startPinned(servedCore, [await etcdBinary(), ...args], () => accepts(port), {}, 'ignore');
  return {
    ...serverOf(started, port),
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function startBareFanout(etcd: URL, ...how: readonly string[]): Promise<Server> {
  const port = await freePort();
  const program = path.join(import.meta.dirname, '..', 'bare-fanout.ts');
  const command = [process.execPath, program, String(port), etcd.origin, ...how];
  return serverOf(await startPinned(servedCore, command, () => accepts(port)), port);
}

async function startWatchProxy(etcd: URL): Promise<Server> {
  const [port, status] = [await freePort(), await freePort()];
  // With the flags that its documentation starts it by.
  const program = path.join(import.meta.dirname, '..', '..', 'gateway', 'watch-proxy', 'main.ts');
  const env = {
    WATCH_PROXY_LISTEN: `127.0.0.1:${port}`,
    WATCH_PROXY_STATUS: `127.0.0.1:${status}`,
    WATCH_PROXY_ETCD: etcd.origin,
    WATCH_PROXY_PREFIXES: prefix,
    WATCH_PROXY_DRAIN_MS: '0',
  };
  const healthy = () => answers(new URL(`http://127.0.0.1:${status}/health`));
  const command = [process.execPath, '--max-semi-space-size=8', '--single-threaded-gc', program];
  return serverOf(await startPinned(servedCore, command, healthy, env), port);
}

function serverOf(started: PinnedProcess, port: number): Server {
  const url = new URL(`http://127.0.0.1:${port}`);
  return { url, pid: started.pid, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() };
}

async function answers(page: URL): Promise<boolean> {
  const answer = await fetch(page, { signal: AbortSignal.timeout(500) }).catch(() => undefined);
  return answer?.ok === true;
}
