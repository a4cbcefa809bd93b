/** What may follow a literal run: anything, a literal beginning and then anything, or a parameter. */
import { AffixMap } from './affix-map.ts';
import { type Entry, betterOf, insertEntry, removeEntry } from './entry.ts';
import type { Tree } from './tree.ts';

export class Branch {
  readonly #newTree: () => Tree;
  /** `*` */
  #anything: Entry[] = [];
  /** `v*`, by `v` */
  #beginnings: AffixMap<Entry[]> | undefined;
  /** `:name`, and behind it what follows the parameter, from its slash on. */
  #parameter: Tree | undefined;

  constructor(newTree: () => Tree) {
    this.#newTree = newTree;
  }

  get empty(): boolean {
    return this.#anything.length === 0 && this.#beginnings === undefined && this.#parameter === undefined;
  }

  /** `rest` is what follows the run in the route's path. */
  add(rest: string, entry: Entry): void {
    if (rest.startsWith(':')) (this.#parameter ??= this.#newTree()).add(afterSegment(rest), entry);
    else if (rest === '*') insertEntry(this.#anything, entry);
    else {
      this.#beginnings ??= new AffixMap();
      const list = this.#beginnings.get(rest.slice(0, -1));
      if (list === undefined) this.#beginnings.set(rest.slice(0, -1), [entry]);
      else insertEntry(list, entry);
    }
  }

  remove(rest: string, entry: Entry): void {
    if (rest.startsWith(':')) {
      this.#parameter?.remove(afterSegment(rest), entry);
      if (this.#parameter?.empty === true) this.#parameter = undefined;
    } else if (rest === '*') removeEntry(this.#anything, entry);
    else {
      const list = this.#beginnings?.get(rest.slice(0, -1));
      if (list !== undefined && removeEntry(list, entry) === 0) this.#beginnings?.delete(rest.slice(0, -1));
      if (this.#beginnings?.empty === true) this.#beginnings = undefined;
    }
  }

  /** `start` is the first character behind the run. */
  find(path: string, start: number, method: string, found: Entry | undefined): Entry | undefined {
    let best = betterOf(found, this.#anything, method);
    if (this.#beginnings !== undefined) best = this.#findBeginning(this.#beginnings, path, start, method, best);
    if (this.#parameter === undefined) return best;
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    // A parameter takes a whole segment, never an empty one.
    return end === start ? best : this.#parameter.find(path.slice(end), method, best);
  }

  #findBeginning(
    beginnings: AffixMap<Entry[]>,
    path: string,
    start: number,
    method: string,
    found: Entry | undefined,
  ): Entry | undefined {
    let best = found;
    for (const length of beginnings.lengths) {
      const list = start + length > path.length ? undefined : beginnings.get(path.slice(start, start + length));
      if (list !== undefined) best = betterOf(best, list, method);
    }
    return best;
  }
}

/** `/tail` of `:name/tail`. */
function afterSegment(rest: string): string {
  const slash = rest.indexOf('/');
  return slash < 0 ? '' : rest.slice(slash);
}
