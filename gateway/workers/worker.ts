/** A worker: its own copy of the configuration, its own listening socket, its own upstream connections. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { seamsOf } from '../composition.ts';
import { Store } from '../config/store.ts';
import { syncLoop } from '../config/sync-loop.ts';
import { addressTaken } from '../exit-codes.ts';
import { createMetrics } from '../observe/metrics.ts';
import type { GatewayState } from '../proxy/gateway-state.ts';
import { handleRequest } from '../proxy/proxy.ts';
import { runServed } from '../proxy/run-plugins.ts';
import type { Settings } from '../settings.ts';
import { Names } from '../upstream/names.ts';
import { Pools } from '../upstream/pools.ts';
import type { UpstreamOptions } from '../upstream/upstream-options.ts';
import { drainable } from './drain.ts';
import { followConfig } from './follow-config.ts';
import { createLiveConfig } from './live-config.ts';
import { tellHealth } from './tell-health.ts';
import { stateTeller } from './worker-state.ts';

export async function runWorker(settings: Settings, log: Logger): Promise<void> {
  const workerId = String(cluster.worker?.id ?? 1);
  const seams = seamsOf(settings.mutants);
  const metrics = createMetrics(workerId);
  const accessLog = seams.accessLog?.(log);
  const names = new Names(settings.dns);
  const live = createLiveConfig(seams.createRouter(), upstreamOptions(settings, names, tellHealth(metrics, log)));
  const pools = new Pools(names);
  const state: GatewayState = {
    ...live,
    pools,
    workerId,
    onServed: (context, status) => {
      metrics.served(status);
      runServed(context, status);
      accessLog?.({ status, method: context.method, path: context.request.url ?? '' });
    },
  };
  const { server, drain } = drainable((request, response) => handleRequest(request, response, state));
  const tell = stateTeller(() => server.listening);
  const stop = new AbortController();

  // An own socket per worker (SO_REUSEPORT): the kernel spreads the connections, and none is passed between processes.
  // Opened after the first sync only: with an empty table a worker would answer 404 for routes that its siblings serve.
  let opened = false;
  const open = (): void => {
    if (opened || stop.signal.aborted) return;
    opened = true;
    server.listen({ ...settings.listen, reusePort: true, exclusive: true }, () => tell({}));
  };
  server.once('error', (error) => {
    log.fatal(`GATEWAY_LISTEN: cannot listen on ${settings.listen.host}:${settings.listen.port}: ${error.message}`);
    process.exit(addressTaken);
  });
  // Again and again: a signal to the process group comes twice, once from the master, and must not cut what drains.
  process.on('SIGTERM', () => {
    stop.abort();
    live.upstreams.close();
    void drain().then(() => process.exit(0));
    tell({});
  });
  process.on('SIGINT', () => undefined);
  // The master is gone: nobody would restart or stop this worker any more.
  process.once('disconnect', () => process.exit(0));

  const client = seams.connectEtcd(settings.etcd);
  const store = new Store(settings.prefix);
  const observer = followConfig({ store, apply: live.apply, metrics, log, tell, synced: open });
  const clear = (): void => live.apply(store.replace([]).changes);
  const policy = seams.resumePolicy({ client, clear });
  const prefix = `${settings.prefix}/`;
  await syncLoop({ client, prefix, watchTimeoutMs: settings.watchTimeoutMs, policy, observer }, stop.signal);
  client.close();
}

function upstreamOptions(
  { room }: Settings,
  names: Names,
  onHealthChange: UpstreamOptions['onHealthChange'],
): UpstreamOptions {
  return { room, clock: () => performance.now(), lookup: names.lookup(), onHealthChange };
}
