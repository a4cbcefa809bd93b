/** The table of faults. A kind of fault without an injector does not compile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, Injectors } from '../model/ports.ts';
import { etcdCompact } from './etcd-compact.ts';
import { etcdDefrag } from './etcd-defrag.ts';
import { etcdDown } from './etcd-down.ts';
import { etcdNospace } from './etcd-nospace.ts';
import { etcdOverload } from './etcd-overload.ts';
import { etcdPause } from './etcd-pause.ts';
import { linkInjectors } from './link/injectors.ts';
import { routesDeletes } from './routes-delete.ts';
import { routesFlood } from './routes-flood.ts';
import { routesNoop } from './routes-noop.ts';
import { routesOddIds } from './routes-odd-ids.ts';
import { routesPoison } from './routes-poison.ts';
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
  ...routesDeletes,
  'routes.odd-ids': routesOddIds,
  'routes.noop': routesNoop,
  'routes.poison': routesPoison,
};

/** The injector of a fault: by the mapped type it is filed under its own kind. */
export function injectorOf(fault: Fault): Injector<Fault> {
  return injectors[fault.kind];
}
