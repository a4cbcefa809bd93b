/**
 * Which nodes come before which: those of a higher `priority` first, and among equals those of the gateway's own room.
 * A tier is used as long as one of its nodes may be.
 */
import type { LiveNode } from './live-node.ts';

export interface Tier {
  readonly nodes: readonly LiveNode[];
  /** What is left of the share that a tier of returning nodes takes, see `admits`. */
  credit: number;
}

/** Best first. Nodes without a weight are in none. Without a room of its own, a gateway prefers none. */
export function tiersOf(nodes: readonly LiveNode[], room: string | undefined): readonly Tier[] {
  const rank = ({ node }: LiveNode): number => 2 * node.priority + (room !== undefined && node.room === room ? 1 : 0);
  const groups = Map.groupBy(
    nodes.filter(({ node }) => node.weight > 0),
    rank,
  );
  return [...groups].toSorted(([a], [b]) => b - a).map(([, members]) => ({ nodes: members, credit: 0 }));
}

/** Those of the best tier that has any; none when there are none. */
export function candidatesOf(tiers: readonly Tier[], usable: (live: LiveNode) => boolean): readonly LiveNode[] {
  let best: readonly LiveNode[] = [];
  for (const tier of tiers) {
    const candidates = tier.nodes.every(usable) ? tier.nodes : tier.nodes.filter(usable);
    if (candidates.length === 0) continue;
    if (admits(tier, candidates)) return candidates;
    if (best.length === 0) best = candidates;
  }
  return best;
}

/**
 * Nodes that come back would take all the traffic of the tiers below at once. They get the part of it that is theirs by
 * now, evenly spread: 10 % is every tenth request.
 */
function admits(tier: Tier, candidates: readonly LiveNode[]): boolean {
  if (candidates.every(({ share }) => share === 1)) return true;
  const whole = candidates.reduce((sum, { node }) => sum + node.weight, 0);
  tier.credit += candidates.reduce((sum, { weight }) => sum + weight, 0) / whole;
  if (tier.credit < 1) return false;
  tier.credit -= 1;
  return true;
}
