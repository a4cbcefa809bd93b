/** What a worker knows of an upstream beyond its configuration: turns, health, requests under way. */
import type { Upstream } from '../config/config-objects.ts';
import type { Balancer, Choice } from './balancers/balancer.ts';
import { learnLatency } from './balancers/ewma.ts';
import { balancers } from './balancers/index.ts';
import { ActiveChecks } from './health/active-checks.ts';
import { type Outcome, judge } from './health/health.ts';
import { LiveNode } from './live-node.ts';
import { roomChooser } from './rooms.ts';

export interface UpstreamSurroundings {
  /** The gateway's own room; undefined: none. */
  readonly room: string | undefined;
  /** Told when a node goes out of use or comes back. */
  readonly onHealthChange: (upstream: Upstream, live: LiveNode) => void;
  /** Milliseconds, of any clock that does not go back. */
  readonly now: () => number;
}

export class UpstreamState {
  readonly #around: UpstreamSurroundings;
  readonly #inRoom: (nodes: readonly LiveNode[]) => readonly LiveNode[];
  #upstream: Upstream;
  #balancer: Balancer;
  #checks: ActiveChecks | undefined;
  #nodes: readonly LiveNode[] = [];

  constructor(upstream: Upstream, around: UpstreamSurroundings) {
    this.#around = around;
    this.#inRoom = roomChooser(around.room);
    this.#upstream = upstream;
    this.#balancer = balancers[upstream.type](upstream);
    this.#take(upstream);
    this.#check(undefined);
  }

  /** Nodes keep their state by their address; turns start again only when the way of choosing is another. */
  update(upstream: Upstream): void {
    const before = this.#upstream;
    const { type, hash } = before;
    if (type !== upstream.type || hash.on !== upstream.hash.on || hash.key !== upstream.hash.key) {
      this.#balancer = balancers[upstream.type](upstream);
    }
    this.#upstream = upstream;
    this.#take(upstream);
    this.#check(before);
  }

  /** Whether it was made of that very value. */
  follows(upstream: Upstream): boolean {
    return this.#upstream === upstream;
  }

  /** A node that may be used and is none of `tried`; undefined when there is none. */
  pick(request: Choice['request'], tried: readonly LiveNode[]): LiveNode | undefined {
    const [only] = this.#nodes;
    if (this.#nodes.length === 1 && only !== undefined) return usable(only, tried) ? only : undefined;
    const left = this.#nodes.filter((live) => usable(live, tried));
    const healthy = left.filter((live) => live.healthy);
    // All out of use: the checks are more likely to be wrong than all nodes to be down, and an error is certain.
    const candidates = this.#inRoom(topPriority(healthy.length === 0 ? left : healthy));
    const [single] = candidates;
    if (candidates.length <= 1) return single;
    return this.#balancer.pick({ candidates, all: this.#nodes, request });
  }

  /** What a request to the node came to. */
  report(live: LiveNode, outcome: Outcome): void {
    if (outcome.kind === 'status') learnLatency(live, outcome.ms, this.#around.now());
    const passive = this.#upstream.checks?.passive;
    if (passive === undefined) return;
    if (judge(live, outcome, passive.healthy, passive.unhealthy)) this.#around.onHealthChange(this.#upstream, live);
  }

  stop(): void {
    this.#checks?.stop();
  }

  #take(upstream: Upstream): void {
    const known = new Map(this.#nodes.map((live) => [live.address, live]));
    this.#nodes = upstream.nodes.map((node) => {
      const live = known.get(`${node.host}:${node.port}`) ?? new LiveNode(node, this.#around.now);
      live.node = node;
      return live;
    });
  }

  #check(before: Upstream | undefined): void {
    const active = this.#upstream.checks?.active;
    if (active === undefined) {
      this.#checks?.stop();
      this.#checks = undefined;
      // Nobody would bring back what the checks had taken out.
      for (const live of this.#nodes) live.healthy = true;
      return;
    }
    if (this.#checks === undefined || JSON.stringify(active) !== JSON.stringify(before?.checks?.active)) {
      this.#checks?.stop();
      this.#checks = new ActiveChecks(active, (live) => this.#around.onHealthChange(this.#upstream, live));
    }
    this.#checks.follow(this.#nodes);
  }
}

function usable(live: LiveNode, tried: readonly LiveNode[]): boolean {
  return live.node.weight > 0 && !tried.includes(live);
}

/** Those of the highest priority; the others wait for all of these to be out of use. */
function topPriority(nodes: readonly LiveNode[]): readonly LiveNode[] {
  const highest = Math.max(...nodes.map(({ node }) => node.priority));
  return nodes.filter(({ node }) => node.priority === highest);
}
