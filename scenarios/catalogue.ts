/** The explicit list of scenarios and the suites made of them. */
import { etcdOverload } from './etcd/etcd-overload.ts';
import { routeFlood } from './routes/route-flood.ts';
import type { Scenario } from './scenario.ts';
import { none } from './steady/none.ts';
import { thousandWorkers } from './watch/thousand-workers.ts';
import { watchSilentDeath } from './watch/watch-silent-death.ts';

export const catalogue: readonly Scenario[] = [watchSilentDeath, etcdOverload, routeFlood, thousandWorkers, none];

/** Cheapest and likeliest to fail first: a decided regression ends a session early. */
export const suites: Readonly<Record<'quick' | 'full', readonly Scenario[]>> = {
  quick: [watchSilentDeath, etcdOverload, routeFlood],
  full: catalogue,
};
