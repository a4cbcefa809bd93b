/** One route at one of its paths, and the order in which entries that begin alike win. */
import type { Condition } from './condition.ts';
import { methodSet } from './method-set.ts';
import type { Placed } from './placed.ts';
import type { Wanted } from './wanted.ts';

/** The fields that decide are copied from the route: a look-up then touches one object less for each candidate. */
export interface Entry {
  readonly placed: Placed;
  readonly priority: number;
  readonly methods: number;
  readonly condition: Condition | undefined;
  /** Of the path as it is written. */
  readonly length: number;
}

export function entryAt(uri: string, placed: Placed): Entry {
  const { priority, methods, condition } = placed.route;
  return { placed, priority, methods: methodSet(methods), condition, length: uri.length };
}

/**
 * Negative when `a` wins over `b`, of two whose paths have the same text before their first parameter or `*`: higher
 * priority, then the path that is written longer, as in lua-resty-radixtree, then the smaller id, where that takes the
 * one that came first. The id makes it a total order, so that the winner never depends on the order in which routes
 * arrived, and a table that followed every change equals one that was read afresh.
 */
function compareEntries(a: Entry, b: Entry): number {
  return b.priority - a.priority || b.length - a.length || compareIds(a.placed.route.id, b.placed.route.id);
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The entries at one place, in winning order. Most places have one, which then is no list: at 100,000 routes a look-up
 * is little but the memory it has to wait for.
 */
export type Entries = Entry | readonly Entry[];

/** O(log n) comparisons. */
export function withEntry(entries: Entries | undefined, entry: Entry): Entries {
  if (entries === undefined) return entry;
  const list = listOf(entries);
  list.splice(placeOf(list, entry), 0, entry);
  return list;
}

/** Without the entry that equals this one in the order; undefined when none is left. */
export function withoutEntry(entries: Entries | undefined, entry: Entry): Entries | undefined {
  if (entries === undefined) return undefined;
  const list = listOf(entries);
  const place = placeOf(list, entry);
  const there = list[place];
  if (there !== undefined && compareEntries(there, entry) === 0) list.splice(place, 1);
  return list.length > 1 ? list : list[0];
}

/** The winner among `best` and the entries that fit. */
export function betterOf(best: Entry | undefined, entries: Entries | undefined, wanted: Wanted): Entry | undefined {
  const first = firstFor(entries, wanted);
  if (first === undefined) return best;
  return best === undefined || compareEntries(first, best) < 0 ? first : best;
}

/** The first of them that fits. */
export function firstFor(entries: Entries | undefined, wanted: Wanted): Entry | undefined {
  if (entries === undefined) return undefined;
  if (!Array.isArray(entries)) return fits(entries as Entry, wanted) ? (entries as Entry) : undefined;
  for (const entry of entries as readonly Entry[]) if (fits(entry, wanted)) return entry;
  return undefined;
}

function fits({ methods, condition }: Entry, wanted: Wanted): boolean {
  return (methods & wanted.method) !== 0 && (condition === undefined || condition(wanted.request));
}

/** The list itself, where it is one: a place with 100,000 entries must not be copied for one of them. */
function listOf(entries: Entries): Entry[] {
  return Array.isArray(entries) ? entries : [entries as Entry];
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
