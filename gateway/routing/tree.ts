/**
 * The paths of one host: a radix tree. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466).
 */
import { type Entries, type Entry, betterOf, isLiteral, withEntry, withoutEntry } from './entry.ts';
import { PackedNodes, emptyNode } from './packed-nodes.ts';
import { parseRoutePath } from './route-path.ts';
import { Tally } from './tally.ts';
import type { Wanted } from './wanted.ts';
import { Way } from './way.ts';

/** Is its nodes rather than having them, and has its entries in a bare list: each object between would be one more wait. */
export class Tree extends PackedNodes {
  #root = this.write(emptyNode);
  /** By place; place 0 stays empty, so that a node can say with it that it has none. */
  readonly #entries: (Entries | undefined)[] = [undefined];
  readonly #freePlaces: number[] = [];
  readonly #priorities = new Tally();
  #highestPriority = -Infinity;

  /** Of the routes in it; -Infinity when it is empty. Who found a better one need not look here. */
  get highestPriority(): number {
    return this.#highestPriority;
  }

  get empty(): boolean {
    return this.#highestPriority === -Infinity;
  }

  add(uri: string, entry: Entry): void {
    this.#highestPriority = this.#priorities.count(entry.priority, 1);
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
    this.#highestPriority = this.#priorities.count(entry.priority, -1);
    const node = way.end;
    if (open) this.setPrefixes(node, this.#without(this.prefixes(node), entry));
    else this.setEnds(node, this.#without(this.ends(node), entry));
    way.tidy();
    this.#root = way.root;
    if (this.sparse) this.#root = this.repack(this.#root);
  }

  /** The winner of this tree. */
  find(wanted: Wanted): Entry | undefined {
    return this.#find(this.#root, 0, wanted, undefined);
  }

  /** Each node is met at most once: the way to it says how much of the path is behind it. */
  #find(from: number, start: number, wanted: Wanted, found: Entry | undefined): Entry | undefined {
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
      if (onward !== 0) best = this.#find(onward, at + this.edgeLength(onward), wanted, best);
      if (best !== undefined && isLiteral(best) && best.priority >= this.#highestPriority) return best;
      const slash = path.indexOf('/', at);
      const end = slash < 0 ? path.length : slash;
      // A parameter takes a whole segment, never an empty one.
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
