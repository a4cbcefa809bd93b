/** The image as it would be run: read-only, on a network of its own with an etcd, its ports published on loopback alone. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findEtcd } from '../harness/tools/etcd.ts';
import { openJsonWatch, prefixRange } from '../test/support/json-watch.ts';

const name = `gatecrash-images-${process.pid}`;
const withinMs = 60_000;

function docker(...args: readonly string[]): string {
  return execFileSync('docker', [...args], { encoding: 'utf8' }).trim();
}

/** Resolves once the condition holds; rejects after a minute. */
async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await sleep(100);
  }
}

/** Says what was seen. Rejects when the watch through the container does not tell a put, or the container is not healthy. */
export async function seeWatch(image: string): Promise<string> {
  const etcd = await findEtcd();
  if (etcd === undefined) throw new Error('there is no etcd: run make setup');
  await using undo = new AsyncDisposableStack();
  docker('network', 'create', name);
  undo.defer(() => void docker('network', 'rm', name));
  const start = (role: string, ...args: readonly string[]): void => {
    docker('run', '--detach', '--network', name, '--name', `${name}-${role}`, '--network-alias', role, ...args);
    undo.defer(() => void docker('rm', '--force', '--volumes', `${name}-${role}`));
  };
  // In the proxy's image too: all that an etcd needs of it is that it is a Linux.
  const client = ['--listen-client-urls=http://0.0.0.0:2379', '--advertise-client-urls=http://etcd:2379'];
  const files = [
    '--read-only',
    '--tmpfs',
    '/data',
    '--volume',
    `${etcd.path}:/etcd:ro`,
    '--user',
    '0',
    '--no-healthcheck',
  ];
  start('etcd', ...files, image, '/etcd', '--data-dir=/data/etcd', '--log-level=error', ...client);
  const settings = ['--env', 'WATCH_PROXY_ETCD=http://etcd:2379', '--env', 'WATCH_PROXY_PREFIXES=/apisix/'];
  start('proxy', '--read-only', '--cap-drop', 'ALL', '--publish', '127.0.0.1::2378', ...settings, image);
  const container = `${name}-proxy`;
  const health = (): string => docker('inspect', '--format', '{{.State.Health.Status}}', container);
  await until(
    () => health() === 'healthy',
    `the container is healthy; it is ${health()}: ${docker('logs', container)}`,
  );
  const url = new URL(`http://${docker('port', container, '2378/tcp')}`);
  using watch = openJsonWatch(url, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => watch.lines.length > 0, 'the watch is confirmed');
  const put = JSON.stringify({ key: btoa('/apisix/routes/1'), value: btoa('{}') });
  const answer = await fetch(new URL('/v3/kv/put', url), { method: 'POST', body: put });
  if (!answer.ok) throw new Error(`the put was refused: ${answer.status} ${await answer.text()}`);
  await until(() => watch.events().length > 0, 'the watch tells the put');
  const size = Number(docker('image', 'inspect', '--format', '{{.Size}}', image)) / 1_048_576;
  return `${image} (${size.toFixed(0)} MiB), read-only and healthy, tells by watch: ${watch.events().join(', ')}`;
}
