/** The state of every upstream that was used, by the key of what holds it: it outlives the values in etcd. */
import type { ConfigChange, Kind, Upstream } from '../config/config-objects.ts';
import { UpstreamState, type UpstreamSurroundings } from './upstream-state.ts';

export class UpstreamStates {
  readonly #states = new Map<string, UpstreamState>();
  readonly #around: UpstreamSurroundings;

  constructor(around: UpstreamSurroundings) {
    this.#around = around;
  }

  of(upstream: Upstream): UpstreamState {
    const known = this.#states.get(upstream.key);
    if (known === undefined) {
      const made = new UpstreamState(upstream, this.#around);
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
      if (op === 'delete' && directory !== undefined) this.#forget(`${directory}/${id}`);
    }
  }

  /** Ends every health check. */
  stop(): void {
    for (const state of this.#states.values()) state.stop();
  }

  /** Also those that a plugin of the object holds, such as `routes/5#traffic-split-0-1`. */
  #forget(key: string): void {
    this.#drop(key);
    if (!this.#states.size) return;
    for (const held of this.#states.keys()) if (held.startsWith(`${key}#`)) this.#drop(held);
  }

  #drop(key: string): void {
    this.#states.get(key)?.stop();
    this.#states.delete(key);
  }
}

/** Kinds that hold upstreams. */
const directories: Readonly<Partial<Record<Kind, string>>> = {
  route: 'routes',
  service: 'services',
  upstream: 'upstreams',
};
