/** A worker: its own copy of the configuration, its own upstream connections, its share of the traffic. */
import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { seamsOf } from '../composition.ts';
import { syncLoop } from '../etcd/sync-loop.ts';
import { addressTaken } from '../exit-codes.ts';
import { takeProfile } from '../observe/profile.ts';
import { type RoutePage, routeList } from '../observe/route-list.ts';
import type { Router } from '../routing/router.ts';
import type { Settings } from '../settings.ts';
import { type Caller, answerCall, createCaller } from './calls.ts';
import { createServing } from './serving.ts';
import type { TrafficServer } from './traffic-server.ts';
import { type Told, stateTeller } from './worker-state.ts';

export async function runWorker(settings: Settings, log: Logger): Promise<void> {
  const workerId = String(cluster.worker?.id ?? 1);
  const seams = await seamsOf(settings.mutants);
  const metrics = seams.createMetrics(workerId);
  const master = createCaller((call) => process.send?.(call));
  const serving = createServing({ settings, seams, metrics, log, workerId, master });
  const traffic = seams.trafficServer(settings, serving, serving.certificates, seams.handling);
  const tell = stateTeller(() => traffic.listening);
  const stop = new AbortController();
  listenToMaster(master, serving.router);
  endInOrder(traffic, stop, tell, master);

  const client = seams.connectEtcd(settings.etcd);
  const store = seams.createStore(settings.prefix, settings.keyring, seams.readObject);
  const synced = opener(traffic, stop.signal, tell, log);
  const observer = seams.followConfig({ store, apply: serving.apply, metrics, log, tell, synced });
  const clear = (): void => serving.apply(store.replace([]).changes);
  const source = client.source(`${settings.prefix}/`);
  const policy = seams.resumePolicy({ source, clear });
  await syncLoop({ source, watchTimeoutMs: settings.watchTimeoutMs, policy, observer }, stop.signal);
  client.close();
  serving.upstreams.close();
}

/** A master that has not answered by then is gone. Milliseconds. */
const dealtMs = 2_000;

function listenToMaster(master: Caller, router: Router): void {
  const handlers = {
    routes: (page: RoutePage) => routeList(router.routes(), page),
    profile: ({ seconds }: { readonly seconds: number }) => takeProfile(seconds),
  };
  process.on('message', (message) => {
    master.take(message);
    answerCall(message, handlers, (answer) => process.send?.(answer));
  });
  // The master is gone: nobody would restart or stop this worker any more.
  process.once('disconnect', () => process.exit(0));
}

function endInOrder(traffic: TrafficServer, stop: AbortController, tell: (change: Told) => void, master: Caller): void {
  // Again and again: a signal to the process group comes twice, once from the master, and must not cut what drains.
  process.on('SIGTERM', () => {
    stop.abort();
    const drained = traffic.drain();
    // A connection that is on its way from the master when this process ends would hang: cluster deals it out again only
    // when the worker says that it does not want it.
    const dealt = master.call('dealt', undefined, dealtMs).catch(() => undefined);
    void Promise.all([drained, dealt]).then(() => process.exit(0));
    tell({});
  });
  process.on('SIGINT', () => undefined);
  // Meant for the master, which replaces the workers; from a terminal it reaches all of them.
  process.on('SIGHUP', () => undefined);
}

/** Opens after the first sync only: with an empty table a worker would answer 404 for routes that its siblings serve. */
function opener(traffic: TrafficServer, stop: AbortSignal, tell: (change: Told) => void, log: Logger): () => void {
  let opened = false;
  return () => {
    if (opened || stop.aborted) return;
    opened = true;
    traffic.open().then(
      () => tell({}),
      (error: unknown) => {
        log.fatal(error instanceof Error ? error.message : String(error));
        process.exit(addressTaken);
      },
    );
  };
}
