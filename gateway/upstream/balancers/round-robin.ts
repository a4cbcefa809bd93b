/** `roundrobin`: nodes in turn, by weight. */
import type { LiveNode } from '../live-node.ts';
import { smoothTurns } from '../smooth-turns.ts';
import type { Balancer } from './balancer.ts';

export function roundRobin(): Balancer {
  const next = smoothTurns((live: LiveNode) => live.weight);
  return { pick: (candidates) => next(candidates) };
}
