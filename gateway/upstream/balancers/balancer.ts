/** How one node of several is chosen. */
import type { Asked } from '../../routing/condition.ts';
import type { LiveNode } from '../live-node.ts';

/** One for each upstream and worker. It is asked with nodes that may be used, at least one. */
export interface Balancer {
  pick(candidates: readonly LiveNode[], request: Asked): LiveNode;
}
