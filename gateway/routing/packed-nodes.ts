/**
 * The nodes of one radix tree, packed as numbers into one array. At 10,000 routes and more a look-up is nothing but the
 * memory it waits for: as objects a node is seven places in memory, here it is one or two lines of cache, and the nodes
 * of one host lie side by side.
 *
 * A record, in UTF-16 units: length of the edge, number of children, ends (2 units), prefixes (2), parameter (2), the
 * edge, the children's labels, the children's records (2 each). A record is named by where it begins; 0 is no record.
 */

export interface Node {
  /** The text that leads here; empty at the root and behind a parameter. */
  readonly edge: string;
  /** Place of the routes whose path ends here; 0 without. */
  readonly ends: number;
  /** Place of the routes whose path goes on with `*`; 0 without. */
  readonly prefixes: number;
  /** Record of what follows a parameter (`:name`) that begins here; 0 without. */
  readonly parameter: number;
  /** The first unit of each child's edge. */
  readonly labels: string;
  readonly children: readonly number[];
}

export const emptyNode: Node = { edge: '', ends: 0, prefixes: 0, parameter: 0, labels: '', children: [] };

const header = 8;
const leastRepacked = 4_096;

export class PackedNodes {
  #units = new Uint16Array(32);
  /** Unit 0 stays unused, so that 0 can say "none". */
  #end = 1;
  #freed = 0;
  #free = new Map<number, number[]>();

  /** Whether so much lies idle that copying what is left is worth its time. */
  get sparse(): boolean {
    return this.#end > leastRepacked && this.#freed > this.#end * 0.75;
  }

  edgeLength(record: number): number {
    return this.#units[record] ?? 0;
  }

  ends(record: number): number {
    return this.#pair(record + 2);
  }

  prefixes(record: number): number {
    return this.#pair(record + 4);
  }

  /** Whether something is there, or a parameter begins there. */
  isPlace(record: number): boolean {
    return this.ends(record) !== 0 || this.prefixes(record) !== 0 || this.parameter(record) !== 0;
  }

  setEnds(record: number, place: number): void {
    this.#setPair(record + 2, place);
  }

  setPrefixes(record: number, place: number): void {
    this.#setPair(record + 4, place);
  }

  parameter(record: number): number {
    return this.#pair(record + 6);
  }

  /** The child whose edge begins with that unit; 0 without. */
  childAt(record: number, unit: number): number {
    const units = this.#units;
    const count = units[record + 1] ?? 0;
    const labels = record + header + (units[record] ?? 0);
    for (let index = 0; index < count; index++) {
      if (units[labels + index] === unit) return this.#pair(labels + count + 2 * index);
    }
    return 0;
  }

  /** The child whose edge lies in `text` from `at` on; 0 without. */
  child(record: number, text: string, at: number): number {
    const child = this.childAt(record, text.charCodeAt(at));
    return child !== 0 && this.commonLength(child, text, at) === this.edgeLength(child) ? child : 0;
  }

  /** How much of the edge lies in `text` from `at` on, where at least its first unit does. */
  commonLength(record: number, text: string, at: number): number {
    const units = this.#units;
    const edge = record + header;
    const length = units[record] ?? 0;
    let common = 1;
    // Past the end of the text there is no unit, which equals none.
    while (common < length && units[edge + common] === text.charCodeAt(at + common)) common++;
    return common;
  }

  read(record: number): Node {
    const edge = this.#units[record] ?? 0;
    const count = this.#units[record + 1] ?? 0;
    const labels = record + header + edge;
    return {
      edge: this.#text(record + header, edge),
      ends: this.ends(record),
      prefixes: this.prefixes(record),
      parameter: this.parameter(record),
      labels: this.#text(labels, count),
      children: Array.from({ length: count }, (_, index) => this.#pair(labels + count + 2 * index)),
    };
  }

  /** In the room of `former` when it fits there, else elsewhere; returns where. */
  write(node: Node, former = 0): number {
    const size = sizeOf(node.edge.length, node.children.length);
    const same = former !== 0 && size === this.#sizeAt(former);
    if (former !== 0 && !same) this.release(former);
    const record = same ? former : this.#room(size);
    this.#units[record] = node.edge.length;
    this.#units[record + 1] = node.children.length;
    this.#setPair(record + 2, node.ends);
    this.#setPair(record + 4, node.prefixes);
    this.#setPair(record + 6, node.parameter);
    let unit = record + header;
    for (const text of [node.edge, node.labels]) {
      for (let index = 0; index < text.length; index++) this.#units[unit++] = text.charCodeAt(index);
    }
    for (const [index, child] of node.children.entries()) this.#setPair(unit + 2 * index, child);
    return record;
  }

  /** Lets `parent` point to `record` where it pointed to `former`. */
  repoint(parent: number, former: number, record: number): void {
    const children = (this.#units[parent] ?? 0) + (this.#units[parent + 1] ?? 0);
    let place = parent + 6;
    if (this.#pair(place) !== former) for (place += 2 + children; this.#pair(place) !== former; place += 2);
    this.#setPair(place, record);
  }

  release(record: number): void {
    const size = this.#sizeAt(record);
    const free = this.#free.get(size);
    if (free === undefined) this.#free.set(size, [record]);
    else free.push(record);
    this.#freed += size;
  }

  /** Puts the record and all below it side by side and gives up the rest; returns where the record is now. */
  repack(record: number): number {
    const packed = new PackedNodes();
    const copy = (original: number): number => {
      const place = packed.write(this.read(original));
      open.push(place);
      return place;
    };
    const open: number[] = [];
    const root = copy(record);
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const { parameter, children, ...rest } = packed.read(place);
      const onward = parameter === 0 ? 0 : copy(parameter);
      packed.write({ ...rest, parameter: onward, children: children.map(copy) }, place);
    }
    this.#units = packed.#units;
    this.#end = packed.#end;
    this.#freed = packed.#freed;
    this.#free = packed.#free;
    return root;
  }

  #room(size: number): number {
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) {
      this.#freed -= size;
      return free;
    }
    const record = this.#end;
    this.#end += size;
    if (this.#end > this.#units.length) {
      const larger = new Uint16Array(Math.max(this.#end, this.#units.length * 2));
      larger.set(this.#units);
      this.#units = larger;
    }
    return record;
  }

  #sizeAt(record: number): number {
    return sizeOf(this.#units[record] ?? 0, this.#units[record + 1] ?? 0);
  }

  #text(start: number, length: number): string {
    let text = '';
    for (let unit = start; unit < start + length; unit++) text += String.fromCharCode(this.#units[unit] ?? 0);
    return text;
  }

  #pair(unit: number): number {
    return (this.#units[unit] ?? 0) | ((this.#units[unit + 1] ?? 0) << 16);
  }

  #setPair(unit: number, value: number): void {
    this.#units[unit] = value & 0xff_ff;
    this.#units[unit + 1] = value >>> 16;
  }
}

function sizeOf(edge: number, children: number): number {
  return header + edge + 3 * children;
}
