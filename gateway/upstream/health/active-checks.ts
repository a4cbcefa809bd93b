/** Asks every node of an upstream how it is, as long as somebody wants to know. */
import type { ActiveCheck } from '../../config/config-objects.ts';
import type { LiveNode } from '../live-node.ts';
import { judge } from './health.ts';
import { probe } from './probe.ts';

export class ActiveChecks {
  readonly #check: ActiveCheck;
  readonly #changed: (live: LiveNode) => void;
  readonly #timers = new Map<LiveNode, NodeJS.Timeout | undefined>();

  constructor(check: ActiveCheck, changed: (live: LiveNode) => void) {
    this.#check = check;
    this.#changed = changed;
  }

  /** From now on these, and no others; a node that stays keeps its turn. */
  follow(nodes: readonly LiveNode[]): void {
    const wanted = new Set(nodes);
    for (const [live, timer] of this.#timers) {
      if (wanted.has(live)) continue;
      clearTimeout(timer);
      this.#timers.delete(live);
    }
    for (const live of nodes) if (!this.#timers.has(live)) this.#ask(live);
  }

  stop(): void {
    this.follow([]);
  }

  #ask(live: LiveNode): void {
    this.#timers.set(live, undefined);
    void probe(live.node, this.#check).then((outcome) => {
      if (!this.#timers.has(live)) return;
      if (judge(live, outcome, this.#check.healthy, this.#check.unhealthy)) this.#changed(live);
      const { intervalMs } = live.healthy ? this.#check.healthy : this.#check.unhealthy;
      // Spread, so that a fleet of gateways does not ask as one.
      const wait = intervalMs * (0.9 + Math.random() * 0.2);
      this.#timers.set(live, setTimeout(() => this.#ask(live), wait).unref());
    });
  }
}
