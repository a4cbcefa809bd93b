/** Values that no gateway can use, made of a good one: what a slip of a script or of a hand leaves in etcd. */

/** Beyond what a gateway should take: as much as etcd takes in one request, less the key and the rest of the route. Bytes. */
const hugeBytes = 1.5 * 1_024 * 1_024 - 4_096;

/** By a name of what is wrong. `good` is a route as the gateway's own layout has it. */
export function poisonValues(good: string): ReadonlyMap<string, string> {
  const route = JSON.parse(good) as Record<string, unknown>;
  const values = new Map<string, string>();
  for (const place of placesOf(route, [])) {
    const name = place.join('.');
    values.set(`null at ${name}`, JSON.stringify(replaced(route, place, null)));
    values.set(`wrong type at ${name}`, JSON.stringify(replaced(route, place, [[{}]])));
  }
  for (const text of ['null', '{}', '[]', '""', '0', 'true', '', 'no json', '\u0000'])
    values.set(`only ${JSON.stringify(text)}`, text);
  values.set('cut off', good.slice(0, -2));
  values.set('null element', JSON.stringify({ ...route, methods: [null], hosts: [null], uris: [null], vars: [null] }));
  values.set('bad pattern', JSON.stringify({ ...route, vars: [['uri', '~~', '(']] }));
  values.set('unknown field', JSON.stringify({ ...route, no_such_field: { a: null } }));
  values.set('unknown plugin', JSON.stringify({ ...route, plugins: { 'no-such-plugin': {} } }));
  values.set('huge', JSON.stringify({ ...route, desc: 'x'.repeat(hugeBytes) }));
  return values;
}

function placesOf(value: unknown, at: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const below = Object.entries(value).flatMap(([key, each]) => placesOf(each, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}
