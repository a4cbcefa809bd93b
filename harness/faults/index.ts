/** The table of faults. A kind of fault without an injector does not compile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, Injectors } from '../model/ports.ts';
import { etcdCompact } from './etcd-compact.ts';
import { etcdDefrag } from './etcd-defrag.ts';
import { etcdDown } from './etcd-down.ts';
import { etcdNospace } from './etcd-nospace.ts';
import { etcdOverload } from './etcd-overload.ts';
import { etcdPause } from './etcd-pause.ts';
import { gatewayColdStart } from './gateway/cold-start.ts';
import { gatewayCpu } from './gateway/cpu.ts';
import { gatewayKill, gatewayTerm } from './gateway/ending.ts';
import { gatewayPause } from './gateway/pause.ts';
import { gatewayReload } from './gateway/reload.ts';
import { gatewayRestart } from './gateway/restart.ts';
import { gatewayScaleOut } from './gateway/scale-out.ts';
import { linkInjectors } from './link/injectors.ts';
import { networkInjectors } from './network/injectors.ts';
import { routesFlood } from './routes-flood.ts';
import { routesNoop } from './routes-noop.ts';
import { routesPoison } from './routes-poison.ts';
import { upstreamDns } from './upstream/dns.ts';
import { upstreamInjectors } from './upstream/injectors.ts';
import { watchCrowd } from './watch-crowd.ts';

export const injectors: Injectors = {
  ...linkInjectors,
  'watch.crowd': watchCrowd,
  'etcd.overload': etcdOverload,
  'etcd.pause': etcdPause,
  'etcd.down': etcdDown,
  'etcd.compact': etcdCompact,
  'etcd.nospace': etcdNospace,
  'etcd.defrag': etcdDefrag,
  'routes.flood': routesFlood,
  'routes.noop': routesNoop,
  'routes.poison': routesPoison,
  'gateway.kill': gatewayKill,
  'gateway.term': gatewayTerm,
  'gateway.pause': gatewayPause,
  'gateway.restart': gatewayRestart,
  'gateway.reload': gatewayReload,
  'gateway.cold-start': gatewayColdStart,
  'gateway.scale-out': gatewayScaleOut,
  'gateway.cpu': gatewayCpu,
  ...upstreamInjectors,
  'upstream.dns': upstreamDns,
  ...networkInjectors,
};

/** The injector of a fault: by the mapped type it is filed under its own kind. */
export function injectorOf(fault: Fault): Injector<Fault> {
  return injectors[fault.kind];
}
