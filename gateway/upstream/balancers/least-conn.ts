/** `least_conn`: the node with the fewest requests under way for its weight; equals take turns by weight. */
import type { LiveNode } from '../live-node.ts';
import type { Balancer } from './balancer.ts';
import { roundRobin } from './round-robin.ts';

/** What is under way stands in the node itself, so that a change of the configuration loses none (apache/apisix#12217). */
export function leastConn(): Balancer {
  const turns = roundRobin();
  return {
    pick(candidates, request) {
      let least = Infinity;
      let equals: LiveNode[] = [];
      for (const live of candidates) {
        const load = live.inFlight / live.weight;
        if (load > least) continue;
        if (load < least) equals = [];
        least = load;
        equals.push(live);
      }
      return turns.pick(equals, request);
    },
  };
}
