/** A node that is back takes its share gradually: its caches are cold, and those who waited for it are many. */
import type { LiveNode } from './live-node.ts';

const firstShare = 0.1;
/** Until it has its whole share. Milliseconds. */
const slowStartMs = 10_000;

/** Sets the share that the node may have now; true while it is below the whole. */
export function warm(live: LiveNode, now: number): boolean {
  const share = firstShare + ((1 - firstShare) * (now - live.changedAt)) / slowStartMs;
  live.share = live.healthy ? Math.min(1, Math.max(firstShare, share)) : 1;
  return live.share < 1;
}
