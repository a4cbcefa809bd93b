/** A node with what is known of it now; it outlives the configuration values that name its address. */
import type { Node } from '../config/config-objects.ts';
import { type Counts, noCounts } from './health/thresholds.ts';

export class LiveNode {
  /** As the newest configuration has it. */
  node: Node;
  /** False while health checks have it out of use. */
  healthy = true;
  /** Since then; of the clock that `UpstreamOptions` names. Milliseconds. */
  changedAt = 0;
  /** Requests under way. */
  inFlight = 0;
  /** What speaks for and against it since its last change. */
  counts: Counts = noCounts;
  /** The part of its weight that it may have: below 1 only while it comes back. */
  share = 1;

  constructor(node: Node) {
    this.node = node;
  }

  /** What balancers go by. */
  get weight(): number {
    return this.node.weight * this.share;
  }

  get full(): boolean {
    return this.node.capacity !== undefined && this.inFlight >= this.node.capacity;
  }

  /** `host:port`. */
  get address(): string {
    return addressOf(this.node);
  }
}

export function addressOf({ host, port }: Node): string {
  return `${host}:${port}`;
}
