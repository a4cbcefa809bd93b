/** One route at one of its paths, and the total order in which entries win. */
import type { Route } from '../config/config-objects.ts';

export interface Entry {
  readonly route: Route;
  /** How specific the path is: literal before parameters before prefixes, then by the length of the literal part. */
  readonly specificity: number;
}

const kindWeight = 1_000_000;

/** `/a/b` 2…, `/a/:x` 1…, `/a/*` 0…, each plus the number of literal characters. */
export function specificityOf(uri: string): number {
  const literal = uri.replace(/\*$/, '').replaceAll(/:[^/]*/g, '').length;
  const kind = uri.endsWith('*') ? 0 : uri.includes('/:') ? 1 : 2;
  return kind * kindWeight + literal;
}

/**
 * Negative when `a` wins over `b` for a request that both match: higher priority, then the more specific host (as
 * APISIX's `radixtree_host_uri`), then the more specific path, then the smaller id. The id makes it a total order, so
 * that the winner never depends on the order in which routes arrived.
 */
export function compareMatches(a: Entry, hostRankA: number, b: Entry, hostRankB: number): number {
  return (
    b.route.priority - a.route.priority ||
    hostRankB - hostRankA ||
    b.specificity - a.specificity ||
    (a.route.id < b.route.id ? -1 : a.route.id > b.route.id ? 1 : 0)
  );
}

/** The same order among entries of one host and one path. */
function compareEntries(a: Entry, b: Entry): number {
  return compareMatches(a, 0, b, 0);
}

/** Puts an entry where it belongs in a list kept in winning order. O(log n) comparisons. */
export function insertSorted(list: Entry[], entry: Entry): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && compareEntries(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, entry);
}

/** Takes the entry of that route out; false when it was not there. */
export function removeRoute(list: Entry[], id: string): boolean {
  const index = list.findIndex(({ route }) => route.id === id);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}
