/** A worker: its own copy of the configuration, its own listening socket, its own upstream connections. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { seamsOf } from '../composition.ts';
import type { Route } from '../config/config-objects.ts';
import { Store } from '../config/store.ts';
import { syncLoop } from '../config/sync-loop.ts';
import { addressTaken } from '../exit-codes.ts';
import { remoteCounters } from '../limits/remote-counters.ts';
import { layered } from '../migration/layered-router.ts';
import { readStaticConfig } from '../migration/static-config.ts';
import { createMetrics } from '../observe/metrics.ts';
import { routeMetrics } from '../observe/route-metrics.ts';
import type { GatewayState } from '../proxy/gateway-state.ts';
import { runServed } from '../proxy/run-plugins.ts';
import type { Settings } from '../settings.ts';
import { Pools } from '../upstream/pools.ts';
import { createCaller } from './calls.ts';
import { followConfig } from './follow-config.ts';
import { createLiveConfig } from './live-config.ts';
import { trafficServer } from './traffic-server.ts';
import { stateTeller } from './worker-state.ts';

/** Read anew by each worker, so that a reload brings what the file says now. */
function staticRoutes({ staticConfig }: Settings): readonly Route[] {
  return staticConfig === undefined ? [] : readStaticConfig(staticConfig);
}

export async function runWorker(settings: Settings, log: Logger): Promise<void> {
  const workerId = String(cluster.worker?.id ?? 1);
  const seams = seamsOf(settings.mutants);
  const metrics = createMetrics(workerId);
  const accessLog = seams.accessLog?.(log);
  const live = createLiveConfig(layered(staticRoutes(settings), seams.createRouter()));
  const pools = new Pools();
  const master = createCaller((call) => process.send?.(call));
  process.on('message', (message) => master.take(message));
  const state: GatewayState = {
    ...live,
    counters: remoteCounters(master),
    routeServed: routeMetrics(),
    pools,
    workerId,
    onServed: (context, status) => {
      metrics.served(status);
      runServed(context, status);
      accessLog?.({ status, method: context.method, path: context.request.url ?? '' });
    },
  };
  const traffic = trafficServer(settings, state, live.certificates);
  const tell = stateTeller(() => traffic.listening);
  const stop = new AbortController();

  // Opened after the first sync only: with an empty table a worker would answer 404 for routes that its siblings serve.
  let opened = false;
  const open = (): void => {
    if (opened || stop.signal.aborted) return;
    opened = true;
    traffic.open().then(
      () => tell({}),
      (error: unknown) => {
        log.fatal(error instanceof Error ? error.message : String(error));
        process.exit(addressTaken);
      },
    );
  };
  // Again and again: a signal to the process group comes twice, once from the master, and must not cut what drains.
  process.on('SIGTERM', () => {
    stop.abort();
    void traffic.drain().then(() => process.exit(0));
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
