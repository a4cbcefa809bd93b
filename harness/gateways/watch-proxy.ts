/** The etcd watch proxy of this repository as a process before the etcd link, known only by its documented entrance. */
import { watchProxyWorkload } from '../model/errors.ts';
import { ownImages } from '../model/images.ts';
import type { GatewaySettings, Runtime, WatchProxy } from '../model/ports.ts';

/** `entry`: path of the program. It is launched when this resolves; a gateway has to bear that it serves a moment later. */
export async function launchWatchProxy(
  entry: string,
  { etcd, etcdCa, etcdUser, prefix }: GatewaySettings,
  runtime: Runtime,
  signal: AbortSignal,
): Promise<WatchProxy> {
  const [listen, status] = [await runtime.freePort(), await runtime.freePort()];
  const env = {
    WATCH_PROXY_LISTEN: `127.0.0.1:${listen}`,
    WATCH_PROXY_STATUS: `127.0.0.1:${status}`,
    WATCH_PROXY_ETCD: etcd.origin,
    WATCH_PROXY_PREFIXES: `${prefix}/`,
    ...(etcdCa === undefined ? {} : { WATCH_PROXY_ETCD_CA: etcdCa }),
    ...(etcdUser === undefined
      ? {}
      : { WATCH_PROXY_ETCD_USER: etcdUser.name, WATCH_PROXY_ETCD_PASSWORD: etcdUser.password }),
  };
  // As its documentation says.
  const args = ['--max-semi-space-size=8', '--single-threaded-gc', entry];
  const image = { name: ownImages.watchProxy, mounts: etcdCa === undefined ? [] : [etcdCa] };
  await runtime.launch({ name: watchProxyWorkload, command: process.execPath, args, env, image }, signal);
  return { url: new URL(`http://127.0.0.1:${listen}`), metrics: new URL(`http://127.0.0.1:${status}/metrics`) };
}
