/** The explicit list of scenarios and the suites made of them. */
import { compaction } from './etcd/compaction.ts';
import { etcdErrors } from './etcd/etcd-errors.ts';
import { etcdOverload } from './etcd/etcd-overload.ts';
import { httpMessages } from './http/http-messages.ts';
import { oldData } from './http/old-data.ts';
import { protocolChanges } from './http/protocol-changes.ts';
import { requestPaths } from './http/request-paths.ts';
import { routeMatching } from './http/route-matching.ts';
import { badItems } from './routes/bad-items.ts';
import { changedObjects } from './routes/changed-objects.ts';
import { noopWrites } from './routes/noop-writes.ts';
import { routeFlood } from './routes/route-flood.ts';
import type { Scenario } from './scenario.ts';
import { none } from './steady/none.ts';
import { catchUpCut } from './watch/catch-up-cut.ts';
import { idleWatch } from './watch/idle-watch.ts';
import { thousandWorkers } from './watch/thousand-workers.ts';
import { watchCut } from './watch/watch-cut.ts';
import { watchSilentDeath } from './watch/watch-silent-death.ts';

export const catalogue: readonly Scenario[] = [
  watchSilentDeath,
  watchCut,
  catchUpCut,
  idleWatch,
  compaction,
  etcdErrors,
  etcdOverload,
  routeFlood,
  noopWrites,
  badItems,
  changedObjects,
  requestPaths,
  routeMatching,
  httpMessages,
  protocolChanges,
  oldData,
  thousandWorkers,
  none,
];

/** Cheapest and likeliest to fail first: a decided regression ends a session early. */
export const suites: Readonly<Record<'quick' | 'full', readonly Scenario[]>> = {
  quick: [watchSilentDeath, etcdOverload, routeFlood],
  full: catalogue,
};
