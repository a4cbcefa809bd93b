/** The state of every upstream that was used, by the key of what holds it: it outlives the values in etcd. */
import type { ConfigChange, Kind, Upstream } from '../config/config-objects.ts';
import { UpstreamState } from './upstream-state.ts';

export class UpstreamStates {
  readonly #states = new Map<string, UpstreamState>();

  of(upstream: Upstream): UpstreamState {
    const known = this.#states.get(upstream.key);
    if (known === undefined) {
      const made = new UpstreamState(upstream);
      this.#states.set(upstream.key, made);
      return made;
    }
    if (!known.follows(upstream)) known.update(upstream);
    return known;
  }

  /** Forgets the upstreams whose object is gone. */
  apply(changes: readonly ConfigChange[]): void {
    for (const { kind, op, id } of changes) {
      const directory = directories[kind];
      if (op === 'delete' && directory !== undefined) this.#states.delete(`${directory}/${id}`);
    }
  }
}

/** Kinds that hold upstreams. */
const directories: Readonly<Partial<Record<Kind, string>>> = {
  route: 'routes',
  service: 'services',
  upstream: 'upstreams',
};
