/**
 * The last good configuration. Takes what etcd holds, keeps what is valid, and says what changed, so that whoever
 * routes can follow without rebuilding.
 */
import type { ConfigChange } from './config-objects.ts';
import { BadItem, parseRoute, parseUpstream } from './validate.ts';

/** A key as etcd delivers it; without a value it was deleted. */
export interface Item {
  readonly key: string;
  readonly value: Buffer | undefined;
  readonly modRevision: bigint;
}

type Kind = ConfigChange['kind'];

const directories: Readonly<Record<string, Kind>> = { routes: 'route', upstreams: 'upstream' };

export class Store {
  readonly #prefix: string;
  /** Keys whose last good value is in force, with the revision that brought it. */
  readonly #good = new Map<string, bigint>();
  readonly #rejected = new Map<string, string>();
  readonly #counts = { route: 0, upstream: 0 };

  constructor(prefix: string) {
    this.#prefix = `${prefix}/`;
  }

  /** Keys whose newest value does not count, with the reason. Their last good value stays in force. */
  get rejected(): ReadonlyMap<string, string> {
    return this.#rejected;
  }

  count(kind: Kind): number {
    return this.#counts[kind];
  }

  /** Events in the order of their revisions. One bad item never takes its neighbours with it (apache/apisix#11267). */
  apply(items: readonly Item[]): readonly ConfigChange[] {
    return items.flatMap((item) => this.#take(item));
  }

  /** A whole snapshot: what it lacks is deleted, what is unchanged is left alone. */
  replace(items: readonly Item[]): readonly ConfigChange[] {
    const present = new Set(items.map(({ key }) => key));
    const gone = [...this.#good.keys(), ...this.#rejected.keys()].filter((key) => !present.has(key));
    const changed = items.filter(({ key, modRevision }) => this.#good.get(key) !== modRevision);
    return this.apply([...gone.map((key) => ({ key, value: undefined, modRevision: 0n })), ...changed]);
  }

  #take({ key, value, modRevision }: Item): readonly ConfigChange[] {
    const place = this.#place(key);
    if (place === undefined) return [];
    if (value === undefined) {
      this.#rejected.delete(key);
      if (!this.#good.delete(key)) return [];
      this.#counts[place.kind]--;
      return [{ ...place, op: 'delete' }];
    }
    try {
      const change = parsedChange(place, value);
      if (!this.#good.has(key)) this.#counts[place.kind]++;
      this.#good.set(key, modRevision);
      this.#rejected.delete(key);
      return [change];
    } catch (error) {
      if (!(error instanceof BadItem)) throw error;
      this.#rejected.set(key, error.message);
      return [];
    }
  }

  #place(key: string): { readonly kind: Kind; readonly id: string } | undefined {
    if (!key.startsWith(this.#prefix)) return undefined;
    const rest = key.slice(this.#prefix.length);
    const slash = rest.indexOf('/');
    const kind = directories[rest.slice(0, slash)];
    const id = rest.slice(slash + 1);
    return slash < 0 || kind === undefined || id === '' ? undefined : { kind, id };
  }
}

function parsedChange({ kind, id }: { readonly kind: Kind; readonly id: string }, value: Buffer): ConfigChange {
  switch (kind) {
    case 'route':
      return { kind, op: 'put', id, value: parseRoute(id, value) };
    case 'upstream':
      return { kind, op: 'put', id, value: parseUpstream(value) };
  }
}
