/** The table of faults. A kind of fault without an injector does not compile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, Injectors } from '../model/ports.ts';
import { etcdCompact } from './etcd-compact.ts';
import { etcdDefrag } from './etcd-defrag.ts';
import { etcdDown } from './etcd-down.ts';
import { etcdNospace } from './etcd-nospace.ts';
import { etcdOverload } from './etcd-overload.ts';
import { etcdPause } from './etcd-pause.ts';
import { routesFlood } from './routes-flood.ts';
import { routesNoop } from './routes-noop.ts';
import { routesPoison } from './routes-poison.ts';
import { watchCrowd } from './watch-crowd.ts';
import { watchCut } from './watch-cut.ts';
import { watchStall } from './watch-stall.ts';

export const injectors: Injectors = {
  'watch.stall': watchStall,
  'watch.cut': watchCut,
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
};

/** The injector of a fault: by the mapped type it is filed under its own kind. */
export function injectorOf(fault: Fault): Injector<Fault> {
  return injectors[fault.kind];
}
