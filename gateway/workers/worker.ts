/** A worker: its own copy of the configuration, its own listening socket, its own upstream connections. */
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { Logger } from 'pino';
import type { Position } from '../config/etcd-client.ts';
import type { Item } from '../config/store.ts';
import { Store } from '../config/store.ts';
import { type SyncObserver, syncLoop } from '../config/sync-loop.ts';
import { seamsOf } from '../mutants/index.ts';
import { type Metrics, createMetrics } from '../observe/metrics.ts';
import { createProxy } from '../proxy/proxy.ts';
import type { Router } from '../routing/router.ts';
import type { Settings } from '../settings.ts';
import type { WorkerState } from './worker-state.ts';

/** In-flight requests get this long after SIGTERM. Milliseconds. */
const drainMs = 5_000;

export async function runWorker(settings: Settings, log: Logger): Promise<void> {
  const worker = String(cluster.worker?.id ?? 1);
  const seams = seamsOf(settings.mutants);
  const metrics = createMetrics(worker);
  const router = seams.createRouter();
  const accessLog = seams.accessLog?.(log);
  const proxy = createProxy({
    router,
    workerId: worker,
    onServed: (status, request) => {
      metrics.served(status);
      accessLog?.({ status, method: request.method ?? '', path: request.url ?? '' });
    },
  });
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, proxy.handle);
  const stop = new AbortController();

  const client = seams.connectEtcd(settings.etcd);
  const store = new Store(settings.prefix);
  const tell = stateTeller(() => server.listening);
  const observer = observe({ store, router, metrics, log, tell });
  const clear = (): void => router.apply(store.replace([]));
  const policy = seams.resumePolicy({ client, clear });
  const prefix = `${settings.prefix}/`;
  const syncing = syncLoop({ client, prefix, watchTimeoutMs: settings.watchTimeoutMs, policy, observer }, stop.signal);

  const shutdown = (): void => {
    stop.abort();
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), drainMs).unref();
  };
  process.once('SIGTERM', shutdown).on('SIGINT', () => undefined);
  // The master is gone: nobody would restart or stop this worker any more.
  process.once('disconnect', () => process.exit(0));
  // An own socket per worker (SO_REUSEPORT): the kernel spreads the connections, and none is passed between processes.
  server.listen({ ...settings.listen, reusePort: true, exclusive: true }, () => tell({}));
  await syncing;
  client.close();
}

type Told = Partial<Omit<WorkerState, 'ready'>>;

/** Sends the state when it changed, at most once a turn of the event loop. */
function stateTeller(listening: () => boolean): (change: Told) => void {
  let state: Omit<WorkerState, 'ready'> = {
    revision: '0',
    clusterId: '',
    routes: 0,
    upstreams: 0,
    syncState: 'listing',
    syncDetail: '',
    rejected: {},
  };
  let due = false;
  const send = (): void => {
    due = false;
    // Ready means served from etcd at least once; a later outage does not take the last good configuration away.
    const ready = listening() && state.clusterId !== '';
    if (process.connected) process.send?.({ kind: 'state', state: { ...state, ready } satisfies WorkerState });
  };
  return (change) => {
    state = { ...state, ...change };
    if (!due) setImmediate(send);
    due = true;
  };
}

interface Observed {
  readonly store: Store;
  readonly router: Router;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly tell: (change: Told) => void;
}

function observe({ store, router, metrics, log, tell }: Observed): SyncObserver {
  const reported = new Map<string, string>();
  const take = (items: readonly Item[], position: Position, whole: boolean): void => {
    const started = performance.now();
    const changes = whole ? store.replace(items) : store.apply(items);
    if (changes.length > 0) router.apply(changes);
    metrics.configApplied(position.revision, changes.length, (performance.now() - started) / 1_000);
    metrics.configRejected(store.rejected.size);
    for (const [key, reason] of store.rejected) {
      if (reported.get(key) === reason) continue;
      reported.set(key, reason);
      log.warn({ key, reason, revision: position.revision.toString() }, 'bad configuration item skipped');
    }
    for (const key of reported.keys()) if (!store.rejected.has(key)) reported.delete(key);
    tell({
      revision: position.revision.toString(),
      clusterId: position.clusterId,
      routes: store.count('route'),
      upstreams: store.count('upstream'),
      rejected: Object.fromEntries(store.rejected),
    });
  };
  return {
    replaced(items, position) {
      take(items, position, true);
      metrics.relisted();
      log.info({ items: items.length, revision: position.revision.toString() }, 'configuration read in full');
    },
    applied: (items, position) => take(items, position, false),
    state(state, why) {
      metrics.syncState(state);
      tell({ syncState: state, syncDetail: why });
      if (state === 'waiting') log.warn({ why }, 'etcd is not reachable; the last good configuration stays');
    },
    watchEnded: (end) => metrics.watchEnded(end),
  };
}
