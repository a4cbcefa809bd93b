/** The state of every upstream that was used, by the key of what holds it: it outlives the values in etcd. */
import type { ConfigChange, Kind, Upstream } from '../config/config-objects.ts';
import { type UpstreamOptions, plainOptions } from './upstream-options.ts';
import { UpstreamState } from './upstream-state.ts';

export class UpstreamStates {
  readonly #states = new Map<string, UpstreamState>();
  /** Of upstreams that a plugin holds, such as `routes/5#canary`, by the key of its object. */
  readonly #inPlugins = new Map<string, Set<string>>();
  readonly #options: UpstreamOptions;

  constructor(options: UpstreamOptions = plainOptions) {
    this.#options = options;
  }

  of(upstream: Upstream): UpstreamState {
    const known = this.#states.get(upstream.key);
    if (known === undefined) {
      const made = new UpstreamState(upstream, this.#options);
      this.#states.set(upstream.key, made);
      this.#noteHolder(upstream.key);
      return made;
    }
    if (!known.follows(upstream)) known.update(upstream);
    return known;
  }

  /**
   * Forgets the upstreams whose object is gone, and takes the others over at once: a node that left must not be probed
   * until somebody happens to ask for its upstream (apache/apisix#8932).
   */
  apply(changes: readonly ConfigChange[]): void {
    for (const change of changes) {
      const directory = directories[change.kind];
      if (directory === undefined) continue;
      const key = `${directory}/${change.id}`;
      const upstream = change.op === 'delete' ? undefined : upstreamIn(change);
      if (upstream === undefined) this.#forget(key);
      else this.#states.get(key)?.update(upstream);
      for (const held of this.#inPlugins.get(key) ?? []) {
        if (change.op === 'delete') this.#forget(held);
        // Whether the new value has it still, only the next request can tell.
        else this.#states.get(held)?.rest();
      }
      if (change.op === 'delete') this.#inPlugins.delete(key);
    }
  }

  /** Ends all checks. */
  close(): void {
    for (const state of this.#states.values()) state.close();
  }

  #forget(key: string): void {
    this.#states.get(key)?.close();
    this.#states.delete(key);
  }

  #noteHolder(key: string): void {
    const mark = key.indexOf('#');
    if (mark < 0) return;
    const holder = key.slice(0, mark);
    const held = this.#inPlugins.get(holder) ?? new Set();
    this.#inPlugins.set(holder, held.add(key));
  }
}

/** Kinds that hold upstreams. */
const directories: Readonly<Partial<Record<Kind, string>>> = {
  route: 'routes',
  service: 'services',
  upstream: 'upstreams',
};

function upstreamIn(change: ConfigChange & { readonly op: 'put' }): Upstream | undefined {
  if (change.kind === 'upstream') return change.value;
  return change.kind === 'route' || change.kind === 'service' ? change.value.upstream : undefined;
}
