/** The layout of a gateway's own, as a function of its configuration says it. */
import type { GatewayConfig } from '../../model/config.ts';
import type { Layout, RouteKeys, RouteSpec, StoredKey } from '../../model/layout.ts';

export type LayoutFunction = Exclude<GatewayConfig['layout'], string>;

/** The keys that the function gives; throws what is wrong with them, as the end of a sentence. */
function keysOf(layOut: LayoutFunction, prefix: string, { id, path, seq, upstream, priority }: RouteSpec): RouteKeys {
  const route = { prefix, id, path, answer: `/seq/${seq}`, upstream: upstream.host };
  const given: unknown = layOut({ ...route, ...(priority === undefined ? {} : { priority }) });
  const [first, ...more] = (Array.isArray(given) ? given : [given]) as readonly unknown[];
  if (first === undefined)
    throw new Error('gave no key for a route; it has to return { key, value } or a list of them');
  return [storedKey(first, prefix, id), ...more.map((each) => storedKey(each, prefix, id))];
}

function storedKey(given: unknown, prefix: string, id: string): StoredKey {
  const { key, value } = (given ?? {}) as Partial<Record<'key' | 'value', unknown>>;
  if (typeof key !== 'string' || typeof value !== 'string')
    throw new Error(`gave ${JSON.stringify(given)}; it has to return { key, value }, both texts`);
  if (!key.startsWith(`${prefix}/`)) throw new Error(`gave the key ${key}, which does not begin with ${prefix}/`);
  if (!key.includes(id)) throw new Error(`gave the key ${key} for the route ${id}; each key has to hold the id`);
  return { key, value };
}

export function ownLayout(layOut: LayoutFunction): Layout {
  return {
    root: (prefix) => `${prefix}/`,
    route: (prefix, spec) => keysOf(layOut, prefix, spec),
    object: () => undefined,
  };
}

const sample: RouteSpec = {
  id: 'sample-1',
  path: '/sample',
  seq: 1,
  upstream: new URL('http://127.0.0.1:1'),
  priority: 1,
};

/** What is wrong with it, as sentences; empty when it can be used. */
export function layoutMistakes(layOut: LayoutFunction): readonly string[] {
  try {
    const [one, other] = [1, 2].map((seq) => JSON.stringify(keysOf(layOut, '/sample-prefix', { ...sample, seq })));
    return one === other ? ['gave the same for two answers of a route; a value has to hold the answer'] : [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
