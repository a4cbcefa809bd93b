/** A node with what is known of it now; it outlives the configuration values that name its address. */
import type { Node } from '../config/config-objects.ts';

export class LiveNode {
  /** As the newest configuration has it. */
  node: Node;
  /** False while health checks have it out of use. */
  healthy = true;
  /** Requests under way. */
  inFlight = 0;

  constructor(node: Node) {
    this.node = node;
  }

  /** What it weighs now. */
  get weight(): number {
    return this.node.weight;
  }

  get full(): boolean {
    return this.node.capacity !== undefined && this.inFlight >= this.node.capacity;
  }
}
