/** Smooth weighted round-robin, as nginx does it: exact shares, spread as evenly as they can be. */
import type { Node, Upstream } from '../config/config-objects.ts';

interface Share {
  readonly node: Node;
  current: number;
}

/** Keyed by the upstream object: it lives as long as the configuration that made it, so unrelated changes keep turns. */
const turns = new WeakMap<Upstream, Share[]>();

/** The next node, none of `tried`; undefined when no node is left. */
export function nextNode(upstream: Upstream, tried: readonly Node[]): Node | undefined {
  const [only] = upstream.nodes;
  if (upstream.nodes.length === 1 && only !== undefined)
    return only.weight > 0 && !tried.includes(only) ? only : undefined;
  let shares = turns.get(upstream);
  if (shares === undefined) turns.set(upstream, (shares = upstream.nodes.map((node) => ({ node, current: 0 }))));
  let total = 0;
  let best: Share | undefined;
  for (const share of shares) {
    if (share.node.weight === 0 || tried.includes(share.node)) continue;
    share.current += share.node.weight;
    total += share.node.weight;
    if (best === undefined || share.current > best.current) best = share;
  }
  if (best !== undefined) best.current -= total;
  return best?.node;
}
