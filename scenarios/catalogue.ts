/** The explicit list of scenarios and the suites made of them. */
import { compaction } from './etcd/compaction.ts';
import { etcdCertificate } from './etcd/etcd-certificate.ts';
import { etcdDown } from './etcd/etcd-down.ts';
import { etcdErrors } from './etcd/etcd-errors.ts';
import { etcdLogin } from './etcd/etcd-login.ts';
import { etcdMembers } from './etcd/etcd-members.ts';
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
import { workersHeld } from './process/workers-held.ts';
import { badItemsCold } from './routes/bad-items-cold.ts';
import { badItems } from './routes/bad-items.ts';
import { blastRadius } from './routes/blast-radius.ts';
import { changedObjects } from './routes/changed-objects.ts';
import { massChanges } from './routes/mass-changes.ts';
import { metricsScraped } from './routes/metrics-scraped.ts';
import { noopWrites } from './routes/noop-writes.ts';
import { oddPrefix } from './routes/odd-prefix.ts';
import { routeFlood } from './routes/route-flood.ts';
import { tableGrowth } from './routes/table-growth.ts';
import type { Scenario } from './scenario.ts';
import { churnSoak } from './steady/churn-soak.ts';
import { none } from './steady/none.ts';
import { rollingUpgrade } from './upgrade/rolling-upgrade.ts';
import { staticToDynamicMigration } from './upgrade/static-to-dynamic-migration.ts';
import { roomsFailover } from './upstream/rooms-failover.ts';
import { upstreamFailures } from './upstream/upstream-failures.ts';
import { catchUpCut } from './watch/catch-up-cut.ts';
import { idlePrefix } from './watch/idle-prefix.ts';
import { idleWatch } from './watch/idle-watch.ts';
import { thousandWorkers } from './watch/thousand-workers.ts';
import { watchCut } from './watch/watch-cut.ts';
import { watchDamaged } from './watch/watch-damaged.ts';
import { watchSilentDeath } from './watch/watch-silent-death.ts';

export const catalogue: readonly Scenario[] = [
  watchSilentDeath,
  watchCut,
  catchUpCut,
  watchDamaged,
  idleWatch,
  idlePrefix,
  compaction,
  etcdErrors,
  etcdDown,
  etcdLogin,
  etcdCertificate,
  etcdMembers,
  etcdOverload,
  etcdRestored,
  etcdWiped,
  routeFlood,
  tableGrowth,
  noopWrites,
  metricsScraped,
  massChanges,
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
  workersHeld,
  roomsFailover,
  upstreamFailures,
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
