/** The nodes from the root of a tree to one of its places: found, made, and cleared away. */
import { type Node, type PackedNodes, emptyNode } from './packed-nodes.ts';
import { parameter } from './route-path.ts';

export class Way {
  readonly #nodes: PackedNodes;
  readonly #records: number[];

  constructor(nodes: PackedNodes, root: number) {
    this.#nodes = nodes;
    this.#records = [root];
  }

  get root(): number {
    return this.#records[0] ?? 0;
  }

  /** The record of the node at its end. */
  get end(): number {
    return this.#records.at(-1) ?? 0;
  }

  /** Goes on along those steps; false when the tree does not have them. */
  follow(steps: readonly string[]): boolean {
    return steps.every((step) => {
      if (step === parameter) return this.#go(this.#nodes.parameter(this.end));
      let at = 0;
      while (at < step.length) {
        if (!this.#go(this.#nodes.child(this.end, step, at))) return false;
        at += this.#nodes.edgeLength(this.end);
      }
      return true;
    });
  }

  /** Goes on along those steps and makes the nodes that are missing. */
  grow(steps: readonly string[]): void {
    for (const step of steps) {
      if (step === parameter) this.#growParameter();
      else for (let text = step; text !== '';) text = text.slice(this.#growText(text));
    }
  }

  /** Takes away, from the end up, each node that has nothing, and joins each that only leads to one other with that. */
  tidy(): void {
    while (this.#records.length > 1) {
      const record = this.end;
      if (this.#nodes.isPlace(record)) return;
      const node = this.#nodes.read(record);
      const [only] = node.children;
      if (node.children.length > 1 || (only !== undefined && node.edge === '')) return;
      this.#nodes.release(record);
      if (only === undefined) {
        this.#records.pop();
        this.#update((parent) => without(parent, record));
      } else {
        const child = this.#nodes.read(only);
        this.#moved(record, this.#nodes.write({ ...child, edge: node.edge + child.edge }, only));
        return;
      }
    }
  }

  #go(record: number): boolean {
    if (record === 0) return false;
    this.#records.push(record);
    return true;
  }

  #growParameter(): void {
    if (this.#go(this.#nodes.parameter(this.end))) return;
    const record = this.#nodes.write(emptyNode);
    this.#update((node) => ({ ...node, parameter: record }));
    this.#go(record);
  }

  /** One node further along the text; returns how much of it that was. */
  #growText(text: string): number {
    const next = this.#nodes.childAt(this.end, text.charCodeAt(0));
    if (!this.#go(next)) {
      this.#adopt(text);
      return text.length;
    }
    const common = this.#nodes.commonLength(next, text, 0);
    if (common < this.#nodes.edgeLength(next)) this.#split(next, common);
    return common;
  }

  #adopt(edge: string): void {
    const record = this.#nodes.write({ ...emptyNode, edge });
    this.#update((node) => ({
      ...node,
      labels: node.labels + edge.charAt(0),
      children: [...node.children, record],
    }));
    this.#go(record);
  }

  #update(change: (node: Node) => Node): void {
    const former = this.end;
    this.#moved(former, this.#nodes.write(change(this.#nodes.read(former)), former));
  }

  /** Puts a node in the middle of the last edge and ends there. */
  #split(record: number, at: number): void {
    const child = this.#nodes.read(record);
    const [edge, rest] = [child.edge.slice(0, at), child.edge.slice(at)];
    const lower = this.#nodes.write({ ...child, edge: rest }, record);
    this.#moved(record, this.#nodes.write({ ...emptyNode, edge, labels: rest.charAt(0), children: [lower] }));
  }

  /** The last node of the way stands elsewhere now. */
  #moved(former: number, record: number): void {
    const parent = this.#records.at(-2);
    this.#records[this.#records.length - 1] = record;
    if (parent !== undefined && record !== former) this.#nodes.repoint(parent, former, record);
  }
}

function without(parent: Node, record: number): Node {
  if (parent.parameter === record) return { ...parent, parameter: 0 };
  const index = parent.children.indexOf(record);
  const labels = parent.labels.slice(0, index) + parent.labels.slice(index + 1);
  return { ...parent, labels, children: parent.children.toSpliced(index, 1) };
}
