/** What a worker knows of an upstream beyond its configuration: turns, health, requests under way. */
import type { Node, Upstream } from '../config/config-objects.ts';
import type { Asked } from '../routing/condition.ts';
import type { Balancer } from './balancers/balancer.ts';
import { balancers } from './balancers/index.ts';
import { LiveNode } from './live-node.ts';

export class UpstreamState {
  #upstream: Upstream;
  #balancer: Balancer;
  #nodes: readonly LiveNode[] = [];

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
    this.#balancer = balancers[upstream.type](upstream);
    this.update(upstream);
  }

  /** Nodes keep their state by their address; turns start again only when the way of choosing is another. */
  update(upstream: Upstream): void {
    const { type, hash } = this.#upstream;
    if (type !== upstream.type || hash.on !== upstream.hash.on || hash.key !== upstream.hash.key) {
      this.#balancer = balancers[upstream.type](upstream);
    }
    this.#upstream = upstream;
    const known = new Map(this.#nodes.map((live) => [addressOf(live.node), live]));
    this.#nodes = upstream.nodes.map((node) => {
      const live = known.get(addressOf(node)) ?? new LiveNode(node);
      live.node = node;
      return live;
    });
  }

  /** Whether it was made of that very value. */
  follows(upstream: Upstream): boolean {
    return this.#upstream === upstream;
  }

  /** A node that may be used and is none of `tried`; undefined when there is none. */
  pick(request: Asked, tried: readonly LiveNode[]): LiveNode | undefined {
    const [only] = this.#nodes;
    if (this.#nodes.length === 1 && only !== undefined) return usable(only, tried) ? only : undefined;
    const candidates = this.#nodes.filter((live) => usable(live, tried));
    return candidates.length === 0 ? undefined : this.#balancer.pick(candidates, request);
  }
}

function usable(live: LiveNode, tried: readonly LiveNode[]): boolean {
  return live.node.weight > 0 && !tried.includes(live);
}

function addressOf({ host, port }: Node): string {
  return `${host}:${port}`;
}
