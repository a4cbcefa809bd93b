/** `least_conn`: the node with the fewest requests under way for its weight; equals take turns. */
import type { LiveNode } from '../live-node.ts';
import { smoothTurns } from '../smooth-turns.ts';
import type { Balancer } from './balancer.ts';

export function leastConn(): Balancer {
  const next = smoothTurns((live: LiveNode) => live.weight);
  return {
    pick({ candidates }) {
      const least = Math.min(...candidates.map(loadOf));
      return next(candidates.filter((live) => loadOf(live) === least));
    },
  };
}

function loadOf({ inFlight, weight }: LiveNode): number {
  return (inFlight + 1) / weight;
}
