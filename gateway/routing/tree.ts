/**
 * The paths of one host: a radix tree whose edges are whole literal runs (`/api/v1/`), found by hash, with a tree of
 * its own behind every parameter. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466). Few, large hash
 * tables rather than a node per segment: at 100,000 routes a look-up is nothing but the memory it has to wait for.
 */
import { Branch } from './branch.ts';
import { type Entries, type Entry, betterOf, isLiteral, withEntry, withoutEntry } from './entry.ts';
import { Tally } from './tally.ts';

export class Tree {
  /** Paths without anything variable. */
  readonly #literal = new Map<string, Entries>();
  /** By the literal run up to the slash before the first variable part. */
  readonly #branches = new Map<string, Branch>();
  /** Number of branches by the slashes in their run. */
  readonly #depths: number[] = [];
  /** Bit n: there are runs with n + 1 slashes. A look-up asks only where there is something. */
  #depthMask = 0;
  readonly #priorities = new Tally();
  #highestPriority = -Infinity;

  /** Of the routes in it; -Infinity when it is empty. Who found a better one need not look here. */
  get highestPriority(): number {
    return this.#highestPriority;
  }

  get empty(): boolean {
    return this.#literal.size + this.#branches.size === 0;
  }

  add(uri: string, entry: Entry): void {
    this.#highestPriority = this.#priorities.count(entry.priority, 1);
    const run = runOf(uri);
    if (run === undefined) {
      this.#literal.set(uri, withEntry(this.#literal.get(uri), entry));
      return;
    }
    let branch = this.#branches.get(run);
    if (branch === undefined) {
      this.#branches.set(run, (branch = new Branch(() => new Tree())));
      this.#countDepth(run, 1);
    }
    branch.add(uri.slice(run.length), entry);
  }

  /** Leaves nothing behind: a table that shrinks gives its memory back. */
  remove(uri: string, entry: Entry): void {
    this.#highestPriority = this.#priorities.count(entry.priority, -1);
    const run = runOf(uri);
    if (run === undefined) {
      const left = withoutEntry(this.#literal.get(uri), entry);
      if (left === undefined) this.#literal.delete(uri);
      else this.#literal.set(uri, left);
      return;
    }
    const branch = this.#branches.get(run);
    branch?.remove(uri.slice(run.length), entry);
    if (branch?.empty !== true) return;
    this.#branches.delete(run);
    this.#countDepth(run, -1);
  }

  /** The winner among `found` and what is here for a path without its query. */
  find(path: string, method: number, found: Entry | undefined): Entry | undefined {
    let best = betterOf(found, this.#literal.get(path), method);
    if (best !== undefined && isLiteral(best) && best.priority >= this.highestPriority) return best;
    let slash = -1;
    for (let mask = this.#depthMask, depth = 0; mask !== 0; depth++) {
      slash = path.indexOf('/', slash + 1);
      if (slash < 0) return best;
      const branch = (mask & 1) === 0 ? undefined : this.#branches.get(path.slice(0, slash + 1));
      if (branch !== undefined) best = branch.find(path, slash + 1, method, best);
      // The last bit stands for its own depth and all below it.
      if (depth < deepest) mask >>>= 1;
    }
    return best;
  }

  #countDepth(run: string, by: 1 | -1): void {
    const depth = depthOf(run);
    const count = (this.#depths[depth] ?? 0) + by;
    this.#depths[depth] = count;
    this.#depthMask = count > 0 ? this.#depthMask | (1 << depth) : this.#depthMask & ~(1 << depth);
  }
}

/** The last depth that has a bit of its own in a number. */
const deepest = 31;

/** Slashes in the run, less one. */
function depthOf(run: string): number {
  return Math.min(run.split('/').length - 2, deepest);
}

/** Up to and including the slash before the first parameter or the segment of the closing `*`; undefined without. */
function runOf(uri: string): string | undefined {
  const parameter = uri.indexOf('/:');
  if (parameter >= 0) return uri.slice(0, parameter + 1);
  return uri.endsWith('*') ? uri.slice(0, uri.lastIndexOf('/') + 1) : undefined;
}
