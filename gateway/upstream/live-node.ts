/** A node with what is known of it now; it outlives the configuration values that name its address. */
import type { Node } from '../config/config-objects.ts';

/** A node that came back takes its share over this time, so that nobody rushes at it. Milliseconds. */
const slowStartMs = 10_000;
/** Of its weight, with which it begins. */
const firstShare = 0.1;

export class LiveNode {
  /** As the newest configuration has it. */
  node: Node;
  /** Requests under way. */
  inFlight = 0;
  /** What answers take, in milliseconds, by a moving average that forgets; and when it was last told. */
  latencyMs = 0;
  latencyAt = 0;
  #healthy = true;
  #backAt = -Infinity;
  readonly #now: () => number;

  /** `now` in milliseconds, of any clock that does not go back. */
  constructor(node: Node, now: () => number) {
    this.node = node;
    this.#now = now;
  }

  /** False while health checks have it out of use. */
  get healthy(): boolean {
    return this.#healthy;
  }

  set healthy(healthy: boolean) {
    if (healthy && !this.#healthy) this.#backAt = this.#now();
    this.#healthy = healthy;
  }

  /** From 0.1 to 1: how much of its weight counts while it is coming back. */
  get share(): number {
    const since = this.#now() - this.#backAt;
    return since >= slowStartMs ? 1 : firstShare + (1 - firstShare) * (since / slowStartMs);
  }

  /** What it weighs now. */
  get weight(): number {
    return this.node.weight * this.share;
  }

  /** Since its latency was last told. Milliseconds. */
  get latencyAgeMs(): number {
    return this.#now() - this.latencyAt;
  }

  get full(): boolean {
    return this.node.capacity !== undefined && this.inFlight >= this.node.capacity;
  }

  get address(): string {
    return `${this.node.host}:${this.node.port}`;
  }
}
