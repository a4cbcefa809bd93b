/** What a worker counts. The master adds the workers up for `/metrics`. */
import { AggregatorRegistry, Counter, Gauge, Histogram, collectDefaultMetrics } from 'prom-client';
import type { HealthChange } from '../upstream/upstream-options.ts';
import type { SyncState, WatchEnd } from '../etcd/sync-loop.ts';

export interface Metrics {
  served(status: number): void;
  /** A request that could not be read. */
  malformed(code: string): void;
  configApplied(revision: bigint, changes: number, seconds: number): void;
  configRejected(count: number): void;
  relisted(): void;
  watchEnded(end: WatchEnd): void;
  syncState(state: SyncState): void;
  upstreamHealth(change: HealthChange): void;
}

const syncStates: readonly SyncState[] = ['listing', 'connecting', 'watching', 'waiting'];

export function createMetrics(worker: string): Metrics {
  // Its constructor is what makes a worker answer the master's request for its metrics.
  void new AggregatorRegistry();
  collectDefaultMetrics({ prefix: 'gateway_' });
  const { revision, rejected, state } = gauges();
  const relists = new Counter({ name: 'gateway_config_relists_total', help: 'full reads of the prefix' });
  const watches = new Counter({ name: 'gateway_watch_ends_total', help: 'watches that ended', labelNames: ['reason'] });
  const malformed = new Counter({
    name: 'gateway_malformed_requests_total',
    help: 'requests that could not be read, by the reason',
    labelNames: ['code'],
  });
  const changed = new Counter({ name: 'gateway_config_changes_total', help: 'changes applied to the route table' });
  const applying = new Histogram({
    name: 'gateway_config_apply_seconds',
    help: 'time from a batch of changes to its being in force, with the requests served meanwhile',
    buckets: [0.000_1, 0.001, 0.01, 0.1, 1],
  });
  // A labelled count per request costs more than the rest of it: they are counted here, and told when asked for.
  const answers = new Map<number, number>();
  void new Counter({
    name: 'gateway_responses_total',
    help: 'responses by status',
    labelNames: ['status'],
    collect() {
      for (const [status, count] of answers) this.inc({ status }, count);
      answers.clear();
    },
  });
  return {
    malformed: (code) => malformed.inc({ code }),
    served: (status) => answers.set(status, (answers.get(status) ?? 0) + 1),
    configApplied(at, changes, seconds) {
      revision.set({ worker }, Number(at));
      changed.inc(changes);
      applying.observe(seconds);
    },
    configRejected: (count) => rejected.set({ worker }, count),
    relisted: () => relists.inc(),
    watchEnded: (reason) => watches.inc({ reason }),
    upstreamHealth: healthGauge(),
    syncState: (now) => syncStates.forEach((each) => state.set({ worker, state: each }, each === now ? 1 : 0)),
  };
}

interface Gauges {
  readonly revision: Gauge<'worker'>;
  readonly rejected: Gauge<'worker'>;
  readonly state: Gauge<'worker' | 'state'>;
}

function gauges(): Gauges {
  // Aggregated over workers, a revision must keep its worker's name: a sum of revisions says nothing.
  const revision = new Gauge({
    name: 'gateway_config_revision',
    help: 'etcd revision in force',
    labelNames: ['worker'],
  });
  const rejected = new Gauge({
    name: 'gateway_config_rejected_items',
    help: 'values that do not count',
    labelNames: ['worker'],
  });
  const state = new Gauge({
    name: 'gateway_sync_state',
    help: '1 for the state it is in',
    labelNames: ['worker', 'state'],
  });
  return { revision, rejected, state };
}

/** A broken network could make a series of every node there is. */
const mostHealthSeries = 1_000;

/** Nodes that have changed have a series, until they leave the configuration; others never failed. */
function healthGauge(): (change: HealthChange) => void {
  const gauge = new Gauge({
    name: 'gateway_upstream_healthy',
    help: '0 while a worker has the node out of use, 1 when all use it again; nodes that never changed are not shown',
    labelNames: ['upstream', 'node'],
    aggregator: 'min',
  });
  const shown = new Set<string>();
  return ({ upstream, node, now }) => {
    const series = `${upstream} ${node}`;
    if (now === 'gone') {
      if (shown.delete(series)) gauge.remove({ upstream, node });
    } else if (shown.has(series) || shown.size < mostHealthSeries) {
      shown.add(series);
      gauge.set({ upstream, node }, now === 'healthy' ? 1 : 0);
    }
  };
}
