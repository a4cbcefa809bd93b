/** A real etcd for one test: its own data folder and ports on loopback, gone when disposed. */
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EtcdAccess } from '../../gateway/etcd/access.ts';
import { freePort } from '../../harness/runtimes/free-port.ts';
import { findEtcd } from '../../harness/tools/etcd.ts';
import type { FoundTool } from '../../harness/tools/found-tool.ts';

export { freePort };

export interface TestEtcd extends AsyncDisposable {
  readonly url: URL;
  readonly pid: number;
  /**
   * Ends the process and starts it again on the same port, with its data kept, wiped, or put back as they were saved; or as
   * one of another cluster.
   */
  restart(data: 'keep' | 'wipe' | 'saved' | 'foreign'): Promise<void>;
  /** Ends the process and starts it again on what `etcdutl snapshot restore` makes of that file. */
  restore(etcdutl: string, snapshot: string, options?: readonly string[]): Promise<void>;
  /** Keeps a copy of its data; it is stopped meanwhile. */
  save(): Promise<void>;
}

export async function etcdBinary(): Promise<string> {
  return (await testedEtcd()).path;
}

export async function testedEtcd(): Promise<FoundTool> {
  const etcd = await findEtcd();
  if (etcd === undefined) throw new Error('these tests need an etcd: run make setup');
  return etcd;
}

/** How one gets into an etcd that lets everybody in. */
export function openAccess(url: URL): EtcdAccess {
  const closed = { ca: undefined, clientCert: undefined, clientKey: undefined, user: undefined, password: undefined };
  return { url, ...closed };
}

export interface EtcdOptions {
  /** Served over TLS, and only to clients with a certificate of that authority when `clientCa` is given. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly clientCa?: string };
  readonly args?: readonly string[];
  /** How often watches that want it are told where they are, such as `100ms`; ten minutes by default. */
  readonly progressNotifyInterval?: string;
  /** One of several. */
  readonly member?: { readonly name: string; readonly peer: number; readonly cluster: string };
}

/** Three members of one cluster, with short elections. */
export function startEtcdCluster(): Promise<readonly [TestEtcd, TestEtcd, TestEtcd]> {
  return withOtherPorts(startClusterOnce);
}

async function startClusterOnce(): Promise<readonly [TestEtcd, TestEtcd, TestEtcd]> {
  const [a, b, c] = [await freePort(), await freePort(), await freePort()];
  const cluster = [a, b, c].map((port) => `m${port}=http://127.0.0.1:${port}`).join();
  const args = ['--heartbeat-interval=50', '--election-timeout=500'];
  const start = (peer: number): Promise<TestEtcd> => startOnce({ args, member: { name: `m${peer}`, peer, cluster } });
  // None is healthy before a majority is there.
  const starting = [start(a), start(b), start(c)] as const;
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const each of await Promise.allSettled(starting))
      if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
    throw error;
  }
}

async function healthy(url: URL): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2_000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Times that it is tried with other ports: between finding one free and etcd taking it, somebody else may. */
const attempts = 3;
/** A start takes a fraction of a second, and many times that on a host that is busy. */
const healthyWithinMs = 30_000;

async function withOtherPorts<Started>(start: () => Promise<Started>): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

export function startEtcd(options: EtcdOptions = {}): Promise<TestEtcd> {
  return withOtherPorts(() => startOnce(options));
}

async function startOnce({ tls, args: more = [], member, progressNotifyInterval }: EtcdOptions): Promise<TestEtcd> {
  const data = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-etcd-'));
  const [client, peer, metrics] = [await freePort(), member?.peer ?? (await freePort()), await freePort()];
  const name = member?.name ?? 'test';
  const url = new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${client}`);
  // Its health is asked here, where no certificate is needed.
  const health = new URL(`http://127.0.0.1:${metrics}`);
  const own = [`--name=${name}`, `--data-dir=${data}/etcd`, `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`];
  own.push(`--initial-cluster=${member?.cluster ?? `${name}=http://127.0.0.1:${peer}`}`);
  const args = [...own, '--log-level=error', '--unsafe-no-fsync', `--listen-peer-urls=http://127.0.0.1:${peer}`];
  args.push(`--listen-client-urls=${url.origin}`, `--advertise-client-urls=${url.origin}`);
  args.push(`--listen-metrics-urls=${health.origin}`, ...more);
  if (tls !== undefined) args.push(`--cert-file=${tls.certFile}`, `--key-file=${tls.keyFile}`);
  if (tls?.clientCa !== undefined) args.push('--client-cert-auth', `--trusted-ca-file=${tls.clientCa}`);
  // By the environment, where etcd only warns of what it does not know: the name of the flag changed in 3.6.
  const interval = 'WATCH_PROGRESS_NOTIFY_INTERVAL';
  const notices =
    progressNotifyInterval === undefined
      ? {}
      : { [`ETCD_${interval}`]: progressNotifyInterval, [`ETCD_EXPERIMENTAL_${interval}`]: progressNotifyInterval };
  const binary = await etcdBinary();
  const start = async (token = 'etcd-cluster') => {
    const env = { ...process.env, ...notices };
    const child = spawn(binary, [...args, `--initial-cluster-token=${token}`], { stdio: 'ignore', env });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const deadline = Date.now() + healthyWithinMs;
    while (!(await healthy(health))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`etcd did not get healthy on ${url.origin}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { child, gone };
  };
  let running = await start();
  const stop = async () => {
    running.child.kill('SIGKILL');
    await running.gone;
  };
  return {
    url,
    get pid() {
      return running.child.pid ?? -1;
    },
    async restart(kept) {
      await stop();
      if (kept !== 'keep') rmSync(`${data}/etcd`, { recursive: true, force: true });
      if (kept === 'saved') cpSync(`${data}/saved`, `${data}/etcd`, { recursive: true });
      running = await start(kept === 'foreign' ? `foreign-${randomUUID()}` : undefined);
    },
    async restore(etcdutl, snapshot, options = []) {
      await stop();
      rmSync(`${data}/etcd`, { recursive: true, force: true });
      execFileSync(etcdutl, ['snapshot', 'restore', snapshot, ...own, ...options], { stdio: 'pipe' });
      running = await start();
    },
    async save() {
      await stop();
      rmSync(`${data}/saved`, { recursive: true, force: true });
      cpSync(`${data}/etcd`, `${data}/saved`, { recursive: true });
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
