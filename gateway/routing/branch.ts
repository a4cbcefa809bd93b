/** What may follow a literal run besides everything: a parameter, or a literal beginning and then everything. */
import { AffixMap } from './affix-map.ts';
import { type Entries, type Entry, betterOf, withEntry, withoutEntry } from './entry.ts';
import type { Tree } from './tree.ts';

export class Branch {
  readonly #newTree: () => Tree;
  /** `v*`, by `v` */
  #beginnings: AffixMap<Entries> | undefined;
  /** `:name`, and behind it what follows the parameter, from its slash on. */
  #parameter: Tree | undefined;

  constructor(newTree: () => Tree) {
    this.#newTree = newTree;
  }

  get empty(): boolean {
    return (this.#beginnings ?? this.#parameter) === undefined;
  }

  /** `rest` is what follows the run in the route's path. */
  add(rest: string, entry: Entry): void {
    if (rest.startsWith(':')) (this.#parameter ??= this.#newTree()).add(afterSegment(rest), entry);
    else {
      const beginning = rest.slice(0, -1);
      this.#beginnings ??= new AffixMap();
      this.#beginnings.set(beginning, withEntry(this.#beginnings.get(beginning), entry));
    }
  }

  remove(rest: string, entry: Entry): void {
    if (rest.startsWith(':')) {
      this.#parameter?.remove(afterSegment(rest), entry);
      if (this.#parameter?.empty === true) this.#parameter = undefined;
    } else if (this.#beginnings !== undefined) {
      const beginning = rest.slice(0, -1);
      const left = withoutEntry(this.#beginnings.get(beginning), entry);
      if (left !== undefined) this.#beginnings.set(beginning, left);
      else this.#beginnings.delete(beginning);
      if (this.#beginnings.empty) this.#beginnings = undefined;
    }
  }

  /** `start` is the first character behind the run. */
  find(path: string, start: number, method: number, found: Entry | undefined): Entry | undefined {
    const best =
      this.#beginnings === undefined ? found : this.#findBeginning(this.#beginnings, path, start, method, found);
    if (this.#parameter === undefined) return best;
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    // A parameter takes a whole segment, never an empty one.
    return end === start ? best : this.#parameter.find(path.slice(end), method, best);
  }

  #findBeginning(
    beginnings: AffixMap<Entries>,
    path: string,
    start: number,
    method: number,
    found: Entry | undefined,
  ): Entry | undefined {
    let best = found;
    for (const length of beginnings.lengths) {
      if (start + length > path.length) continue;
      best = betterOf(best, beginnings.get(path.slice(start, start + length)), method);
    }
    return best;
  }
}

/** `/tail` of `:name/tail`. */
function afterSegment(rest: string): string {
  const slash = rest.indexOf('/');
  return slash < 0 ? '' : rest.slice(slash);
}
