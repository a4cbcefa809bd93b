/** Sets of HTTP methods as bits: a look-up compares numbers instead of following arrays through memory. */

const known = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'];
const bits: ReadonlyMap<string, number> = new Map(known.map((name, index) => [name, 1 << (index + 1)]));

/** In every set that names no method: a request with a method that no route can name still fits those. */
const unnamed = 1;

/** The set of a route; of no methods: all of them. */
export function methodSet(methods: readonly string[]): number {
  return methods.length === 0 ? -1 : methods.reduce((set, name) => set | (bits.get(name) ?? 0), 0);
}

/** The bit of a request's method. */
export function methodBit(method: string): number {
  return bits.get(method) ?? unnamed;
}
