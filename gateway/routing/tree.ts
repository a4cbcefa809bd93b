/**
 * The paths of one host: a radix tree. A change touches only the nodes of its own path, whatever the size of the table;
 * rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466).
 */
import { type Entry, betterOf, isLiteral } from './entry.ts';
import { PackedNodes, emptyNode } from './packed-nodes.ts';
import { Places } from './places.ts';
import { parseRoutePath } from './route-path.ts';
import { Tally } from './tally.ts';
import type { Wanted } from './wanted.ts';
import { Way } from './way.ts';

export class Tree {
  #nodes = new PackedNodes();
  #root = this.#nodes.write(emptyNode);
  readonly #places = new Places();
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
    const way = new Way(this.#nodes, this.#root);
    way.grow(steps);
    const node = way.end;
    if (open) this.#nodes.setPrefixes(node, this.#places.with(this.#nodes.prefixes(node), entry));
    else this.#nodes.setEnds(node, this.#places.with(this.#nodes.ends(node), entry));
    this.#root = way.root;
  }

  /** Takes out what `add` put in. Leaves nothing behind: a table that shrinks gives its memory back. */
  remove(uri: string, entry: Entry): void {
    const { steps, open } = parseRoutePath(uri);
    const way = new Way(this.#nodes, this.#root);
    if (!way.follow(steps)) return;
    this.#highestPriority = this.#priorities.count(entry.priority, -1);
    const node = way.end;
    if (open) this.#nodes.setPrefixes(node, this.#places.without(this.#nodes.prefixes(node), entry));
    else this.#nodes.setEnds(node, this.#places.without(this.#nodes.ends(node), entry));
    way.tidy();
    this.#root = way.root;
    if (this.#nodes.sparse) [this.#nodes, this.#root] = this.#nodes.repacked(this.#root);
  }

  /** The winner of this tree. */
  find(wanted: Wanted): Entry | undefined {
    return this.#find(this.#root, 0, wanted, undefined);
  }

  /** Each node is met at most once: the way to it says how much of the path is behind it. */
  #find(from: number, start: number, wanted: Wanted, found: Entry | undefined): Entry | undefined {
    const nodes = this.#nodes;
    const { path } = wanted;
    let [node, at, best] = [from, start, found];
    for (;;) {
      const prefixes = nodes.prefixes(node);
      if (prefixes !== 0) best = betterOf(best, this.#places.at(prefixes), wanted);
      if (at === path.length) return betterOf(best, this.#places.at(nodes.ends(node)), wanted);
      const onward = nodes.child(node, path, at);
      const parameter = nodes.parameter(node);
      if (parameter === 0) {
        if (onward === 0) return best;
        at += nodes.edgeLength(onward);
        node = onward;
        continue;
      }
      if (onward !== 0) best = this.#find(onward, at + nodes.edgeLength(onward), wanted, best);
      if (best !== undefined && isLiteral(best) && best.priority >= this.#highestPriority) return best;
      const slash = path.indexOf('/', at);
      const end = slash < 0 ? path.length : slash;
      // A parameter takes a whole segment, never an empty one.
      if (end === at) return best;
      at = end;
      node = parameter;
    }
  }
}
