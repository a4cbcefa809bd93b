/** A real watch proxy process before a given etcd. */
import { spawn } from 'node:child_process';
import { freePort } from './etcd.ts';
import { until } from './http.ts';

export interface TestWatchProxy extends AsyncDisposable {
  readonly url: URL;
  readonly metrics: URL;
  readonly pid: number;
  readonly status: URL;
  readonly exited: Promise<number | null>;
  readonly log: () => string;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
}

export async function startWatchProxy(etcd: URL, env: Readonly<Record<string, string>> = {}): Promise<TestWatchProxy> {
  const scheme = env['WATCH_PROXY_CERT'] === undefined ? 'http' : 'https';
  const url = new URL(`${scheme}://${env['WATCH_PROXY_LISTEN'] ?? `127.0.0.1:${await freePort()}`}`);
  const status = new URL(`http://127.0.0.1:${await freePort()}`);
  // As its documentation says.
  const args = ['--max-semi-space-size=8', '--single-threaded-gc', 'gateway/watch-proxy/main.ts'];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      WATCH_PROXY_LISTEN: url.host,
      WATCH_PROXY_STATUS: status.host,
      WATCH_PROXY_ETCD: etcd.origin,
      WATCH_PROXY_PREFIXES: '/apisix/',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (chunk) => (log += String(chunk)));
  child.stderr.on('data', (chunk) => (log += String(chunk)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const healthy = async (): Promise<boolean> => {
    const answer = await fetch(new URL('/health', status)).catch(() => undefined);
    return answer?.ok === true;
  };
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  await until(healthy, 'the watch proxy is healthy').catch(async (error: Error) => {
    await end();
    throw new Error(`${error.message}: ${log}`);
  });
  return {
    url,
    metrics: new URL('/metrics', status),
    status,
    exited,
    pid: child.pid ?? -1,
    log: () => log,
    async metric(name) {
      const text = await (await fetch(new URL('/metrics', status))).text();
      return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    },
    [Symbol.asyncDispose]: end,
  };
}
