/**
 * The paths of one host: a radix tree whose edges are whole literal runs (`/api/v1/`), found by hash, with a tree of
 * its own behind every parameter. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466). Few, large hash
 * tables rather than a node per segment: at 100,000 routes a look-up is nothing but the memory it has to wait for.
 */
import { Branch } from './branch.ts';
import { type Entry, betterOf, insertEntry, removeEntry } from './entry.ts';

export class Tree {
  /** Paths without anything variable. */
  readonly #literal = new Map<string, Entry[]>();
  /** By the literal run up to the slash before the first variable part. */
  readonly #branches = new Map<string, Branch>();
  /** Number of branches by the slashes in their run: a look-up asks only where there is something. */
  readonly #depths: number[] = [];

  get empty(): boolean {
    return this.#literal.size + this.#branches.size === 0;
  }

  add(uri: string, entry: Entry): void {
    const run = runOf(uri);
    if (run === undefined) {
      const list = this.#literal.get(uri);
      if (list === undefined) this.#literal.set(uri, [entry]);
      else insertEntry(list, entry);
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
    const run = runOf(uri);
    if (run === undefined) {
      const list = this.#literal.get(uri);
      if (list !== undefined && removeEntry(list, entry) === 0) this.#literal.delete(uri);
      return;
    }
    const branch = this.#branches.get(run);
    branch?.remove(uri.slice(run.length), entry);
    if (branch?.empty !== true) return;
    this.#branches.delete(run);
    this.#countDepth(run, -1);
  }

  /** The winner among `found` and what is here for a path without its query. */
  find(path: string, method: string, found: Entry | undefined): Entry | undefined {
    const literal = this.#literal.get(path);
    let best = literal === undefined ? found : betterOf(found, literal, method);
    const depths = this.#depths;
    let slash = -1;
    for (let depth = 0; depth < depths.length; depth++) {
      slash = path.indexOf('/', slash + 1);
      if (slash < 0) return best;
      const branch = depths[depth] === 0 ? undefined : this.#branches.get(path.slice(0, slash + 1));
      if (branch !== undefined) best = branch.find(path, slash + 1, method, best);
    }
    return best;
  }

  #countDepth(run: string, by: 1 | -1): void {
    const depth = run.split('/').length - 2;
    while (this.#depths.length <= depth) this.#depths.push(0);
    this.#depths[depth] = (this.#depths[depth] ?? 0) + by;
    while (this.#depths.at(-1) === 0) this.#depths.pop();
  }
}

/** Up to and including the slash before the first parameter or the segment of the closing `*`; undefined without. */
function runOf(uri: string): string | undefined {
  const parameter = uri.indexOf('/:');
  if (parameter >= 0) return uri.slice(0, parameter + 1);
  return uri.endsWith('*') ? uri.slice(0, uri.lastIndexOf('/') + 1) : undefined;
}
