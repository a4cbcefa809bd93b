/** The explicit list of scenarios and the suites made of them. */
import { compaction } from './etcd/compaction.ts';
import { etcdErrors } from './etcd/etcd-errors.ts';
import { etcdOverload } from './etcd/etcd-overload.ts';
import { etcdRestored } from './etcd/etcd-restored.ts';
import { etcdWiped } from './etcd/etcd-wiped.ts';
import { adminApi } from './http/admin-api.ts';
import { httpMessages } from './http/http-messages.ts';
import { httpsUpstreams } from './http/https-upstreams.ts';
import { oldData } from './http/old-data.ts';
import { oneClickBlock } from './http/one-click-block.ts';
import { plugins } from './http/plugins.ts';
import { protocolChanges } from './http/protocol-changes.ts';
import { recordedRequests } from './http/recorded-requests.ts';
import { requestPaths } from './http/request-paths.ts';
import { routeMatching } from './http/route-matching.ts';
import { upstreamOptions } from './http/upstream-options.ts';
import { badClients } from './process/bad-clients.ts';
import { coldStartInOutage } from './process/cold-start-in-outage.ts';
import { reload } from './process/reload.ts';
import { workerKilled } from './process/worker-killed.ts';
import { badItemsCold } from './routes/bad-items-cold.ts';
import { badItems } from './routes/bad-items.ts';
import { blastRadius } from './routes/blast-radius.ts';
import { changedObjects } from './routes/changed-objects.ts';
import { metricsScraped } from './routes/metrics-scraped.ts';
import { noopWrites } from './routes/noop-writes.ts';
import { oddPrefix } from './routes/odd-prefix.ts';
import { routeFlood } from './routes/route-flood.ts';
import type { Scenario } from './scenario.ts';
import { churnSoak } from './steady/churn-soak.ts';
import { none } from './steady/none.ts';
import { rollingUpgrade } from './upgrade/rolling-upgrade.ts';
import { staticToDynamicMigration } from './upgrade/static-to-dynamic-migration.ts';
import { roomsFailover } from './upstream/rooms-failover.ts';
import { catchUpCut } from './watch/catch-up-cut.ts';
import { idlePrefix } from './watch/idle-prefix.ts';
import { idleWatch } from './watch/idle-watch.ts';
import { thousandWorkers } from './watch/thousand-workers.ts';
import { watchCut } from './watch/watch-cut.ts';
import { watchSilentDeath } from './watch/watch-silent-death.ts';

export const catalogue: readonly Scenario[] = [
  watchSilentDeath,
  watchCut,
  catchUpCut,
  idleWatch,
  idlePrefix,
  compaction,
  etcdErrors,
  etcdOverload,
  etcdRestored,
  etcdWiped,
  routeFlood,
  noopWrites,
  metricsScraped,
  badItems,
  badItemsCold,
  oddPrefix,
  blastRadius,
  changedObjects,
  recordedRequests,
  workerKilled,
  reload,
  coldStartInOutage,
  badClients,
  roomsFailover,
  requestPaths,
  routeMatching,
  httpMessages,
  protocolChanges,
  oldData,
  plugins,
  upstreamOptions,
  rollingUpgrade,
  staticToDynamicMigration,
  httpsUpstreams,
  oneClickBlock,
  adminApi,
  thousandWorkers,
  none,
  churnSoak,
];

/** Cheapest and likeliest to fail first: a decided regression ends a session early. */
export const suites: Readonly<Record<'quick' | 'full', readonly Scenario[]>> = {
  quick: [watchSilentDeath, etcdOverload, routeFlood],
  full: catalogue,
};
