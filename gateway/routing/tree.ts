/**
 * The paths of one host: a radix tree. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466).
 */
import { type Entries, type Entry, betterOf, firstFor, withEntry, withoutEntry } from './entry.ts';
import { PackedNodes, emptyNode } from './packed-nodes.ts';
import { parseRoutePath } from './route-path.ts';
import type { Wanted } from './wanted.ts';
import { Way } from './way.ts';

/**
 * Where the way down has passed a `*` or a parameter: a node, and how much of the path was behind it there, in turn.
 * One look-up ends before the next begins, so all use the same list.
 */
const passed: number[] = [];

/** Is its nodes rather than having them, and has its entries in a bare list: each object between would be one more wait. */
export class Tree extends PackedNodes {
  #root = this.write(emptyNode);
  /** By place; place 0 stays empty, so that a node can say with it that it has none. */
  readonly #entries: (Entries | undefined)[] = [undefined];
  readonly #freePlaces: number[] = [];
  /** Entries in it. */
  #size = 0;

  get empty(): boolean {
    return this.#size === 0;
  }

  add(uri: string, entry: Entry): void {
    this.#size++;
    const { steps, open } = parseRoutePath(uri);
    const way = new Way(this, this.#root);
    way.grow(steps);
    const node = way.end;
    if (open) this.setPrefixes(node, this.#with(this.prefixes(node), entry));
    else this.setEnds(node, this.#with(this.ends(node), entry));
    this.#root = way.root;
  }

  /** Takes out what `add` put in. Leaves nothing behind: a table that shrinks gives its memory back. */
  remove(uri: string, entry: Entry): void {
    const { steps, open } = parseRoutePath(uri);
    const way = new Way(this, this.#root);
    if (!way.follow(steps)) return;
    this.#size--;
    const node = way.end;
    if (open) this.setPrefixes(node, this.#without(this.prefixes(node), entry));
    else this.setEnds(node, this.#without(this.ends(node), entry));
    way.tidy();
    this.#root = way.root;
    if (this.sparse) this.#root = this.repack(this.#root);
  }

  /**
   * The winner of this tree: an exact path before all others, then those with the longer text before their first
   * parameter or `*`. Only where that is the same text do priorities decide.
   */
  find(wanted: Wanted): Entry | undefined {
    const { path } = wanted;
    let [node, at, depth] = [this.#root, 0, 0];
    while (node !== 0) {
      if (this.prefixes(node) !== 0 || this.parameter(node) !== 0) {
        passed[depth++] = node;
        passed[depth++] = at;
      }
      if (at === path.length) {
        const exact = firstFor(this.#entries[this.ends(node)], wanted);
        if (exact !== undefined) return exact;
      }
      node = this.child(node, path, at);
      at += this.edgeLength(node);
    }
    while (depth > 0) {
      depth -= 2;
      const found = this.#open(passed[depth] ?? 0, passed[depth + 1] ?? 0, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The winner among the paths whose first parameter or `*` begins at this node. */
  #open(node: number, at: number, wanted: Wanted): Entry | undefined {
    const best = firstFor(this.#entries[this.prefixes(node)], wanted);
    const parameter = this.parameter(node);
    const end = parameter === 0 ? at : segmentEnd(wanted.path, at);
    return end === at ? best : this.#beyond(parameter, end, wanted, best);
  }

  /**
   * Whoever is better, `found` or what is there from a node behind a parameter on. Each node is met at most once: the
   * way to it says how much of the path is behind it.
   */
  #beyond(from: number, start: number, wanted: Wanted, found: Entry | undefined): Entry | undefined {
    const { path } = wanted;
    let [node, at, best] = [from, start, found];
    for (;;) {
      const prefixes = this.prefixes(node);
      if (prefixes !== 0) best = betterOf(best, this.#entries[prefixes], wanted);
      if (at === path.length) return betterOf(best, this.#entries[this.ends(node)], wanted);
      const onward = this.child(node, path, at);
      const parameter = this.parameter(node);
      if (parameter === 0) {
        if (onward === 0) return best;
        at += this.edgeLength(onward);
        node = onward;
        continue;
      }
      if (onward !== 0) best = this.#beyond(onward, at + this.edgeLength(onward), wanted, best);
      const end = segmentEnd(path, at);
      if (end === at) return best;
      at = end;
      node = parameter;
    }
  }

  /** The place with the entry in it; a new one for place 0. */
  #with(place: number, entry: Entry): number {
    const there = place === 0 ? (this.#freePlaces.pop() ?? this.#entries.length) : place;
    this.#entries[there] = withEntry(this.#entries[there], entry);
    return there;
  }

  /** The place without the entry; 0 when nothing is left there. */
  #without(place: number, entry: Entry): number {
    if (place === 0) return 0;
    this.#entries[place] = withoutEntry(this.#entries[place], entry);
    if (this.#entries[place] !== undefined) return place;
    this.#freePlaces.push(place);
    return 0;
  }
}

/** Where a parameter that begins there ends: it takes a whole segment, never an empty one. */
function segmentEnd(path: string, at: number): number {
  const slash = path.indexOf('/', at);
  return slash < 0 ? path.length : slash;
}
