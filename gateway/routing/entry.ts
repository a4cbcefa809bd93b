/** One route at one of its paths, and the total order in which entries of one host win. */
import type { Route } from '../config/config-objects.ts';

/** The fields that decide are copied from the route: a look-up then touches one object less for each candidate. */
export interface Entry {
  readonly route: Route;
  readonly id: string;
  readonly priority: number;
  /** Undefined: any method. */
  readonly methods: readonly string[] | undefined;
  /** How specific the path is: literal before parameters before prefixes, then by the length of the literal part. */
  readonly specificity: number;
}

const kindWeight = 1_000_000;

export function entryAt(uri: string, route: Route): Entry {
  const literal = uri.replace(/\*$/, '').replaceAll(/\/:[^/]*/g, '/').length;
  const kind = uri.endsWith('*') ? 0 : uri.includes('/:') ? 1 : 2;
  const { id, priority, methods } = route;
  return { route, id, priority, methods: methods.length === 0 ? undefined : methods, specificity: kind * kindWeight + literal };
}

/**
 * Negative when `a` wins over `b`: higher priority, then the more specific path, then the smaller id. The id makes it a
 * total order, so that the winner never depends on the order in which routes arrived, and a table that followed every
 * change equals one that was read afresh.
 */
export function compareEntries(a: Entry, b: Entry): number {
  return (
    b.priority - a.priority ||
    b.specificity - a.specificity ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** Puts an entry where it belongs in a list kept in winning order. O(log n) comparisons. */
export function insertEntry(list: Entry[], entry: Entry): void {
  list.splice(placeOf(list, entry), 0, entry);
}

/** Takes out the entry that equals this one in the order. Returns how many are left. */
export function removeEntry(list: Entry[], entry: Entry): number {
  const place = placeOf(list, entry);
  const there = list[place];
  if (there !== undefined && compareEntries(there, entry) === 0) list.splice(place, 1);
  return list.length;
}

/** The winner among `best` and the entries of the list that take the method. */
export function betterOf(best: Entry | undefined, list: readonly Entry[], method: string): Entry | undefined {
  for (const entry of list) {
    if (entry.methods?.includes(method) === false) continue;
    // The list is in winning order: the first that takes the method is the best of it.
    return best === undefined || compareEntries(entry, best) < 0 ? entry : best;
  }
  return best;
}

function placeOf(list: readonly Entry[], entry: Entry): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && compareEntries(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
