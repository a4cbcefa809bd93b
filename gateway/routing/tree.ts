/**
 * The path tree: one node per path segment. A change touches only the nodes of its own path, whatever the size of the
 * table; rebuilding all of it for one change is what APISIX users see as 100 % CPU (apache/apisix#12466).
 */
import type { Route } from '../config/config-objects.ts';
import { specificityOf } from './entry.ts';
import { type Found, Leaf, type Wanted } from './leaf.ts';

class TreeNode {
  readonly children = new Map<string, TreeNode>();
  parameter: TreeNode | undefined;
  /** Paths that end here. */
  here: Leaf | undefined;
  /** Prefixes from here on: `*` after the literal start of the next segment (`/p/*` has an empty one). */
  readonly prefixes = new Map<string, Leaf>();

  get empty(): boolean {
    const leaves = (this.here === undefined ? 0 : 1) + this.prefixes.size;
    return leaves + this.children.size === 0 && this.parameter === undefined;
  }
}

export class Tree {
  readonly #root = new TreeNode();

  add(uri: string, route: Route): void {
    let node = this.#root;
    const { segments, prefix } = parsed(uri);
    for (const segment of segments)
      node = isParameter(segment) ? (node.parameter ??= new TreeNode()) : childOf(node, segment);
    leafOf(node, prefix).add({ route, specificity: specificityOf(uri) });
  }

  remove(uri: string, route: Route): void {
    const { segments, prefix } = parsed(uri);
    removeFrom(this.#root, segments, 0, prefix, route);
  }

  /** The winning entry for a path without its query. */
  find(path: string, wanted: Wanted): Found {
    const found: Found = { entry: undefined, hostRank: 0 };
    descend(this.#root, path, 1, wanted, found);
    return found;
  }
}

interface ParsedUri {
  readonly segments: readonly string[];
  /** Literal start of the last segment before the `*`; undefined when the path is no prefix. */
  readonly prefix: string | undefined;
}

function parsed(uri: string): ParsedUri {
  const segments = uri.slice(1).split('/');
  if (!uri.endsWith('*')) return { segments, prefix: undefined };
  return { segments: segments.slice(0, -1), prefix: (segments.at(-1) ?? '').slice(0, -1) };
}

function isParameter(segment: string): boolean {
  return segment.startsWith(':');
}

function childOf(node: TreeNode, segment: string): TreeNode {
  let child = node.children.get(segment);
  if (child === undefined) node.children.set(segment, (child = new TreeNode()));
  return child;
}

function leafOf(node: TreeNode, prefix: string | undefined): Leaf {
  if (prefix === undefined) return (node.here ??= new Leaf());
  let leaf = node.prefixes.get(prefix);
  if (leaf === undefined) node.prefixes.set(prefix, (leaf = new Leaf()));
  return leaf;
}

/** Removes and prunes on the way back, so that a table that shrinks gives its memory back. */
function removeFrom(
  node: TreeNode,
  segments: readonly string[],
  at: number,
  prefix: string | undefined,
  route: Route,
): void {
  const segment = segments[at];
  if (segment === undefined) {
    const leaf = prefix === undefined ? node.here : node.prefixes.get(prefix);
    leaf?.remove(route);
    if (leaf?.empty !== true) return;
    if (prefix === undefined) node.here = undefined;
    else node.prefixes.delete(prefix);
    return;
  }
  const child = isParameter(segment) ? node.parameter : node.children.get(segment);
  if (child === undefined) return;
  removeFrom(child, segments, at + 1, prefix, route);
  if (!child.empty) return;
  if (isParameter(segment)) node.parameter = undefined;
  else node.children.delete(segment);
}

/** `start` is the first character of the next segment; beyond the end of the path there is none. */
function descend(node: TreeNode, path: string, start: number, wanted: Wanted, found: Found): void {
  if (start > path.length) {
    node.here?.find(wanted, found);
    return;
  }
  if (node.prefixes.size > 0) {
    for (const [prefix, leaf] of node.prefixes) if (path.startsWith(prefix, start)) leaf.find(wanted, found);
  }
  const slash = path.indexOf('/', start);
  const end = slash < 0 ? path.length : slash;
  const segment = path.slice(start, end);
  const child = node.children.get(segment);
  if (child !== undefined) descend(child, path, end + 1, wanted, found);
  // A parameter takes a whole segment, never an empty one.
  if (node.parameter !== undefined && segment !== '') descend(node.parameter, path, end + 1, wanted, found);
}
