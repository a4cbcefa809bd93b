/** What a worker knows of an upstream beyond its configuration: turns, health, requests under way. */
import type { Upstream } from '../config/config-objects.ts';
import type { Asked } from '../routing/condition.ts';
import type { Balancer } from './balancers/balancer.ts';
import { balancers } from './balancers/index.ts';
import { NodeHealth } from './health/node-health.ts';
import { LiveNode, addressOf } from './live-node.ts';
import type { Outcome } from './outcome.ts';
import { warm } from './slow-start.ts';
import { type Tier, candidatesOf, tiersOf } from './tiers.ts';
import type { UpstreamOptions } from './upstream-options.ts';

export class UpstreamState {
  readonly #options: UpstreamOptions;
  readonly #health: NodeHealth;
  #upstream: Upstream;
  #balancer: Balancer;
  #nodes: readonly LiveNode[] = [];
  #tiers: readonly Tier[] = [];
  /** All of them, where nothing but health decides who may be used. */
  #plain: readonly LiveNode[] | undefined;
  /** Nodes that are out of use, or have not yet their whole share. */
  readonly #ailing = new Set<LiveNode>();
  /** Nodes that have a weight are all unhealthy: then all are used, for some may well serve. */
  #failOpen = false;

  constructor(upstream: Upstream, options: UpstreamOptions) {
    this.#options = options;
    this.#upstream = upstream;
    this.#balancer = balancers[upstream.type](upstream, options.clock);
    this.#health = new NodeHealth(upstream, options, (live) => this.#changed(live));
    this.update(upstream);
  }

  /** Nodes keep their state by their address; turns start again only when the way of choosing is another. */
  update(upstream: Upstream): void {
    const { type, hash } = this.#upstream;
    if (type !== upstream.type || hash.on !== upstream.hash.on || hash.key !== upstream.hash.key) {
      this.#balancer = balancers[upstream.type](upstream, this.#options.clock);
    }
    this.#upstream = upstream;
    const known = new Map(this.#nodes.map((live) => [live.address, live]));
    this.#nodes = upstream.nodes.map((node) => {
      const live = known.get(addressOf(node)) ?? new LiveNode(node);
      // An address that is named twice is two nodes.
      known.delete(live.address);
      live.node = node;
      return live;
    });
    for (const gone of known.values()) this.#ailing.delete(gone);
    this.#tiers = tiersOf(this.#nodes, this.#options.room);
    const [best] = this.#tiers;
    const unbounded = this.#nodes.every(({ node }) => node.capacity === undefined);
    this.#plain = this.#tiers.length === 1 && unbounded ? best?.nodes : undefined;
    this.#balancer.update?.(this.#tiers.flatMap(({ nodes }) => nodes));
    this.#health.update(upstream, this.#nodes);
    this.#seeHowMany();
  }

  /** Whether it was made of that very value. */
  follows(upstream: Upstream): boolean {
    return this.#upstream === upstream;
  }

  /** A node that may be used and is none of `tried`; undefined when there is none. */
  pick(request: Asked, tried: readonly LiveNode[]): LiveNode | undefined {
    this.#health.start();
    if (this.#ailing.size > 0) this.#look();
    const candidates = this.#candidates(tried);
    return candidates.length < 2 ? candidates[0] : this.#balancer.pick(candidates, request);
  }

  #candidates(tried: readonly LiveNode[]): readonly LiveNode[] {
    // The usual request: everybody is well, and nobody was asked before.
    if (this.#plain !== undefined && this.#ailing.size === 0 && tried.length === 0) return this.#plain;
    const usable = (live: LiveNode): boolean => (live.healthy || this.#failOpen) && !live.full && !tried.includes(live);
    return candidatesOf(this.#tiers, usable);
  }

  /** Told how each attempt at a node ended. */
  report(live: LiveNode, outcome: Outcome): void {
    this.#balancer.report?.(live, outcome);
    this.#health.report(live, outcome);
  }

  /** Active checks end until the next request. */
  rest(): void {
    this.#health.rest();
  }

  close(): void {
    this.#health.close();
  }

  #changed(live: LiveNode): void {
    this.#ailing.add(live);
    this.#seeHowMany();
  }

  #seeHowMany(): void {
    const weighty = this.#tiers.flatMap(({ nodes }) => nodes);
    this.#failOpen = weighty.length > 0 && weighty.every(({ healthy }) => !healthy);
  }

  #look(): void {
    const now = this.#options.clock();
    for (const live of this.#ailing) {
      if (!live.healthy && !this.#health.secondChance(live)) live.share = 1;
      else if (!warm(live, now)) this.#ailing.delete(live);
    }
  }
}
