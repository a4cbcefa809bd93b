/** How a product lays its configuration out in etcd. */
import type { StoredValue } from '../../scenarios/conformance.ts';

/** One change of a key; without a value it is a delete. */
export interface Change {
  readonly key: string;
  readonly value?: string;
}

export interface StoredKey {
  readonly key: string;
  readonly value: string;
}

/** All that etcd holds of one route: written, and deleted, at one revision. */
export type RouteKeys = readonly [StoredKey, ...StoredKey[]];

/** A test route: `path` is answered by the echo upstream with the body `/seq/<seq>`. */
export interface RouteSpec {
  readonly id: string;
  readonly path: string;
  readonly seq: number;
  readonly upstream: URL;
  /** Only requests to this host meet it; those to any, when it is not said. */
  readonly host?: string;
  /** An upstream in another room, for when that one does not serve. */
  readonly elsewhere?: URL;
  readonly priority?: number;
  /** What is stored is made at least so long, by something in it that the gateway has no use for. */
  readonly valueBytes?: number;
}

export interface Layout {
  /** What all keys begin with that the product reads. */
  readonly root: (prefix: string) => string;
  /** The keys of a route that answers `path` with `seq` from the upstream. Each holds the id. */
  readonly route: (prefix: string, spec: RouteSpec) => RouteKeys;
  /**
   * The keys of an object that single requests need, which comes as APISIX keeps it; null deletes it. Undefined when the
   * product has nothing like it.
   */
  readonly object: (prefix: string, key: string, value: StoredValue | null) => readonly Change[] | undefined;
}

/** Keys do not depend on it. */
const someUpstream = new URL('http://127.0.0.1:1');

/** What the keys begin with of all routes whose ids begin so. */
export function keyStarts({ route }: Pick<Layout, 'route'>, prefix: string, id: string): readonly string[] {
  const keys = route(prefix, { id, path: '/', seq: 0, upstream: someUpstream });
  return [...new Set(keys.map(({ key }) => key.slice(0, key.lastIndexOf(id) + id.length)))];
}

/** The changes that delete these keys. */
export function deleted(keys: readonly Change[]): readonly Change[] {
  return keys.map(({ key }) => ({ key }));
}
