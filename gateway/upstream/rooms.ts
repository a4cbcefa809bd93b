/** Multi-room scaling: nodes of the gateway's own room first, others when those are down or full. */
import type { LiveNode } from './live-node.ts';
import { smoothTurns } from './smooth-turns.ts';

interface Side {
  weight: number;
}

/** For one upstream. `room` is the gateway's own; undefined: it has none and all are alike. */
export function roomChooser(room: string | undefined): (nodes: readonly LiveNode[]) => readonly LiveNode[] {
  const [own, others]: [Side, Side] = [{ weight: 0 }, { weight: 0 }];
  const turn = smoothTurns(({ weight }: Side) => weight);
  return (nodes) => {
    const free = nodes.filter(({ full }) => !full);
    // All full: better a longer wait than an error.
    const usable = free.length === 0 ? nodes : free;
    if (room === undefined) return usable;
    const near = usable.filter(({ node }) => node.room === room);
    if (near.length === 0 || near.length === usable.length) return usable;
    own.weight = shareOf(near);
    others.weight = 1 - own.weight;
    if (others.weight === 0) return near;
    // Nodes that are coming back take a part only: all at once they would be overrun, and go down again.
    return turn([own, others]) === own ? near : usable.filter(({ node }) => node.room !== room);
  };
}

/** How much of their weight counts now. */
function shareOf(nodes: readonly LiveNode[]): number {
  const nominal = nodes.reduce((sum, { node }) => sum + node.weight, 0);
  return nodes.reduce((sum, { weight }) => sum + weight, 0) / nominal;
}
