/** How one node of several is chosen. */
import type { RequestContext } from '../../proxy/request-context.ts';
import type { LiveNode } from '../live-node.ts';

export interface Choice {
  /** Nodes that may be used, at least one. */
  readonly candidates: readonly LiveNode[];
  /** All nodes of the upstream; the same list until its configuration changes. */
  readonly all: readonly LiveNode[];
  readonly request: Pick<RequestContext, 'variable' | 'header' | 'expand'>;
}

/** One for each upstream and worker. */
export interface Balancer {
  pick(choice: Choice): LiveNode;
}
