/**
 * The paths of one host: a radix tree whose edges are whole literal runs (`/api/v1/`), found by hash, with a tree of
 * its own behind every parameter. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466). Few, large hash
 * tables rather than a node per segment, and none that is empty: at 100,000 routes a look-up is nothing but the memory
 * it has to wait for.
 */
import { Branch } from './branch.ts';
import { Depths, deepest } from './depths.ts';
import { type Entries, type Entry, betterOf, isLiteral, withEntry, withoutEntry } from './entry.ts';
import { Tally } from './tally.ts';

export class Tree {
  /** Paths without anything variable. */
  #literals: Map<string, Entries> | undefined;
  /** `run*`, where the run ends in a slash. */
  #prefixes: Map<string, Entries> | undefined;
  /** By the literal run up to the slash before any other variable part. */
  #branches: Map<string, Branch> | undefined;
  #prefixMask = 0;
  #branchMask = 0;
  #highestPriority = -Infinity;
  readonly #prefixDepths = new Depths();
  readonly #branchDepths = new Depths();
  readonly #priorities = new Tally();

  /** Of the routes in it; -Infinity when it is empty. Who found a better one need not look here. */
  get highestPriority(): number {
    return this.#highestPriority;
  }

  get empty(): boolean {
    return (this.#literals ?? this.#prefixes ?? this.#branches) === undefined;
  }

  add(uri: string, entry: Entry): void {
    this.#highestPriority = this.#priorities.count(entry.priority, 1);
    const run = runOf(uri);
    if (run === undefined) this.#literals = withKey(this.#literals, uri, withEntry(this.#literals?.get(uri), entry));
    else if (uri.slice(run.length) === '*') {
      const before = this.#prefixes?.get(run);
      if (before === undefined) this.#prefixMask = this.#prefixDepths.count(run, 1);
      this.#prefixes = withKey(this.#prefixes, run, withEntry(before, entry));
    } else {
      const before = this.#branches?.get(run);
      if (before === undefined) this.#branchMask = this.#branchDepths.count(run, 1);
      const branch = before ?? new Branch(() => new Tree());
      this.#branches = withKey(this.#branches, run, branch);
      branch.add(uri.slice(run.length), entry);
    }
  }

  /** Takes out what `add` put in. Leaves nothing behind: a table that shrinks gives its memory back. */
  remove(uri: string, entry: Entry): void {
    this.#highestPriority = this.#priorities.count(entry.priority, -1);
    const run = runOf(uri);
    if (run === undefined) this.#literals = withKey(this.#literals, uri, withoutEntry(this.#literals?.get(uri), entry));
    else if (uri.slice(run.length) === '*') {
      const left = withoutEntry(this.#prefixes?.get(run), entry);
      if (left === undefined) this.#prefixMask = this.#prefixDepths.count(run, -1);
      this.#prefixes = withKey(this.#prefixes, run, left);
    } else {
      const branch = this.#branches?.get(run);
      branch?.remove(uri.slice(run.length), entry);
      if (branch?.empty === false) return;
      this.#branchMask = this.#branchDepths.count(run, -1);
      this.#branches = withKey(this.#branches, run, undefined);
    }
  }

  /** The winner among `found` and what is here for a path without its query. */
  find(path: string, method: number, found: Entry | undefined): Entry | undefined {
    let best = this.#literals === undefined ? found : betterOf(found, this.#literals.get(path), method);
    if (best !== undefined && isLiteral(best) && best.priority >= this.#highestPriority) return best;
    let [prefixes, branches] = [this.#prefixMask, this.#branchMask];
    let slash = -1;
    for (let depth = 0; (prefixes | branches) !== 0; depth++) {
      slash = path.indexOf('/', slash + 1);
      if (slash < 0) return best;
      if (((prefixes | branches) & 1) !== 0) {
        const run = path.slice(0, slash + 1);
        if ((prefixes & 1) !== 0) best = betterOf(best, this.#prefixes?.get(run), method);
        const branch = (branches & 1) === 0 ? undefined : this.#branches?.get(run);
        if (branch !== undefined) best = branch.find(path, slash + 1, method, best);
      }
      if (depth >= deepest) continue;
      prefixes >>>= 1;
      branches >>>= 1;
    }
    return best;
  }
}

/** Up to and including the slash before the first parameter or the segment of the closing `*`; undefined without. */
function runOf(uri: string): string | undefined {
  const parameter = uri.indexOf('/:');
  if (parameter >= 0) return uri.slice(0, parameter + 1);
  return uri.endsWith('*') ? uri.slice(0, uri.lastIndexOf('/') + 1) : undefined;
}

/** The map with that value, or without that key; undefined when nothing is left. */
function withKey<V>(map: Map<string, V> | undefined, key: string, value: V | undefined): Map<string, V> | undefined {
  if (value !== undefined) return (map ?? new Map<string, V>()).set(key, value);
  map?.delete(key);
  return map?.size === 0 ? undefined : map;
}
