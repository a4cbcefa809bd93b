/** What one worker serves with: the configuration in force, upstreams, limits, counts. */
import type { Logger } from 'pino';
import type { Route } from '../config/config-objects.ts';
import { remoteCounters } from '../limits/remote-counters.ts';
import { layered } from '../migration/layered-router.ts';
import { readStaticConfig } from '../migration/static-config.ts';
import type { Metrics } from '../observe/metrics.ts';
import { routeMetrics } from '../observe/route-metrics.ts';
import type { GatewayState } from '../proxy/gateway-state.ts';
import { IdleBodies, refuseIdle } from '../proxy/idle-bodies.ts';
import { runServed } from '../proxy/run-plugins.ts';
import { addressMatcher } from '../routing/condition.ts';
import type { Seams } from '../seams.ts';
import type { Settings } from '../settings.ts';
import { Names } from '../upstream/names.ts';
import type { Caller } from './calls.ts';
import type { LiveConfig } from './live-config.ts';
import { tellHealth } from './tell-health.ts';
import { tellMalformed } from './tell-malformed.ts';

export interface Surroundings {
  readonly settings: Settings;
  readonly seams: Seams;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly workerId: string;
  readonly master: Caller;
}

export function createServing({
  settings,
  seams,
  metrics,
  log,
  workerId,
  master,
}: Surroundings): GatewayState & LiveConfig {
  const accessLog = seams.accessLog?.(log);
  const names = new Names(settings.dns);
  const live = seams.createLiveConfig(layered(staticRoutes(settings), seams.createRouter()), {
    room: settings.room,
    clock: () => performance.now(),
    lookup: names.lookup(),
    onHealthChange: tellHealth(metrics, log),
  });
  const state: GatewayState & LiveConfig = {
    ...live,
    counters: remoteCounters(master),
    routeServed: routeMetrics(),
    trusts: settings.trustedAddresses.length === 0 ? undefined : addressMatcher(settings.trustedAddresses),
    pools: seams.createPools(names),
    workerId,
    bodies: new IdleBodies(settings.bodyTimeoutMs, (context, body) => refuseIdle(context, body, state)),
    onMalformed: tellMalformed(metrics, log),
    onServed: (context, status) => {
      metrics.served(status);
      runServed(context, status);
      accessLog?.({ status, method: context.method, path: context.request.url ?? '' });
    },
  };
  return state;
}

/** Read anew by each worker, so that a reload brings what the file says now. */
function staticRoutes({ staticConfig }: Settings): readonly Route[] {
  return staticConfig === undefined ? [] : readStaticConfig(staticConfig);
}
