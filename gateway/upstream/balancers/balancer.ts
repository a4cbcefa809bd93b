/** How one node of several is chosen. */
import type { Asked } from '../../routing/condition.ts';
import type { LiveNode } from '../live-node.ts';
import type { Outcome } from '../outcome.ts';

/** One for each upstream and worker. */
export interface Balancer {
  /** Among nodes that may be used, at least one. */
  pick(candidates: readonly LiveNode[], request: Asked): LiveNode;
  /** Told all nodes that have a weight, whenever the configuration is a new one. */
  update?(nodes: readonly LiveNode[]): void;
  /** Told how each attempt ended. */
  report?(live: LiveNode, outcome: Outcome): void;
}
