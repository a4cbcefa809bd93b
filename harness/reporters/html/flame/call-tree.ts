/** CPU profiles of several workers as one tree of calls. */
import type { CpuProfile, ProfileNode } from '../../../model/cpu-profile.ts';

/** Whose code it is: the product's own, a library's, Node's, or what the engine does itself. */
export type Owner = 'own' | 'library' | 'node' | 'engine';

/** A function under one stack of callers. Times are milliseconds of processor time a second, of one worker. */
export interface Frame {
  readonly name: string;
  /** Its file, shortened, and line; empty for the engine. */
  readonly place: string;
  /** The same for the same function in another build, in which its line may be another. */
  readonly key: string;
  readonly owner: Owner;
  self: number;
  total: number;
  readonly children: Frame[];
}

/** No work: the worker waited. */
const waiting = '(idle)';

/** The mean over the profiles. The frame that is returned stands for the worker, and has no function. */
export function callTree(profiles: readonly CpuProfile[]): Frame {
  const root: Frame = { name: '', place: '', key: '', owner: 'engine', self: 0, total: 0, children: [] };
  for (const profile of profiles) add(root, profile, profiles.length);
  sum(root);
  return root;
}

/** Every function of a tree, with what it took wherever it was called from; a recursion counts once. */
export function functionsOf(root: Frame): ReadonlyMap<string, Frame> {
  const all = new Map<string, Frame>();
  const visit = (frame: Frame, above: ReadonlySet<string>): void => {
    const known = all.get(frame.key) ?? { ...frame, self: 0, total: 0, children: [] };
    known.self += frame.self;
    if (!above.has(frame.key)) known.total += frame.total;
    all.set(frame.key, known);
    for (const child of frame.children) visit(child, new Set([...above, frame.key]));
  };
  for (const child of root.children) visit(child, new Set());
  return all;
}

function add(root: Frame, { nodes, samples, timeDeltas, startTime, endTime }: CpuProfile, count: number): void {
  const took = new Map<number, number>();
  samples.forEach((node, i) => took.set(node, (took.get(node) ?? 0) + Math.max(0, timeDeltas[i] ?? 0)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  // Milliseconds a second for each microsecond of the profile.
  const scale = 1_000 / Math.max(1, endTime - startTime) / count;
  const visit = (node: ProfileNode, into: Frame): void => {
    if (node.callFrame.functionName === waiting) return;
    const frame = childOf(into, node);
    frame.self += (took.get(node.id) ?? 0) * scale;
    for (const child of children(node, byId)) visit(child, frame);
  };
  for (const child of children(nodes[0], byId)) visit(child, root);
}

function children(node: ProfileNode | undefined, byId: ReadonlyMap<number, ProfileNode>): readonly ProfileNode[] {
  return (node?.children ?? []).flatMap((id) => byId.get(id) ?? []);
}

function childOf(into: Frame, { callFrame: { functionName, url, lineNumber } }: ProfileNode): Frame {
  const name = functionName === '' ? '(anonymous)' : functionName;
  const file = shortened(url);
  const key = `${name} ${file}`;
  const known = into.children.find((child) => child.key === key);
  if (known !== undefined) return known;
  const place = file === '' || lineNumber < 0 ? file : `${file}:${lineNumber + 1}`;
  const frame: Frame = { name, place, key, owner: ownerOf(url), self: 0, total: 0, children: [] };
  into.children.push(frame);
  return frame;
}

/** Totals, and the dearest call first. */
function sum(frame: Frame): number {
  frame.total = frame.children.reduce((total, child) => total + sum(child), frame.self);
  frame.children.sort((a, b) => b.total - a.total || (a.key < b.key ? -1 : 1));
  return frame.total;
}

function ownerOf(url: string): Owner {
  if (url === '') return 'engine';
  if (url.startsWith('node:')) return 'node';
  return url.includes('/node_modules/') ? 'library' : 'own';
}

/** `undici/lib/dispatcher/client.js` of a library, the last three parts of anything else's path. */
function shortened(url: string): string {
  const library = url.lastIndexOf('/node_modules/');
  if (library >= 0) return url.slice(library + '/node_modules/'.length);
  return url.startsWith('node:') ? url : url.split('/').slice(-3).join('/');
}
