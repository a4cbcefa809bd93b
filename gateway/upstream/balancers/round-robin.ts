/** Smooth weighted round-robin, as nginx does it: exact shares, spread as evenly as they can be. */
import type { LiveNode } from '../live-node.ts';
import type { Balancer } from './balancer.ts';

export function roundRobin(): Balancer {
  const current = new WeakMap<LiveNode, number>();
  return {
    pick(candidates) {
      let total = 0;
      let best: LiveNode | undefined;
      let most = -Infinity;
      for (const each of candidates) {
        const { weight } = each;
        const turn = (current.get(each) ?? 0) + weight;
        current.set(each, turn);
        total += weight;
        if (turn > most) [best, most] = [each, turn];
      }
      if (best === undefined) throw new Error('a balancer was asked without candidates');
      current.set(best, most - total);
      return best;
    },
  };
}
