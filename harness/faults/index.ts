/** The table of faults. A kind of fault without an injector does not compile. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector, Injectors } from '../model/ports.ts';
import { etcdOverload } from './etcd-overload.ts';
import { routesFlood } from './routes-flood.ts';
import { watchCrowd } from './watch-crowd.ts';
import { watchCut } from './watch-cut.ts';
import { watchStall } from './watch-stall.ts';

export const injectors: Injectors = {
  'watch.stall': watchStall,
  'watch.cut': watchCut,
  'watch.crowd': watchCrowd,
  'etcd.overload': etcdOverload,
  'routes.flood': routesFlood,
};

/** The injector of a fault: by the mapped type it is filed under its own kind. */
export function injectorOf(fault: Fault): Injector<Fault> {
  return injectors[fault.kind];
}
