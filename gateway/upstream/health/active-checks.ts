/**
 * Active checks of one upstream: each node has a timer of its own, and goes by its own state. Each worker probes for
 * itself, so that a node sees as many probes an interval as there are workers.
 */
import type { LookupFunction } from 'node:net';
import type { ActiveCheck, Upstream } from '../../config/config-objects.ts';
import type { LiveNode } from '../live-node.ts';
import { limitTo } from './limit.ts';
import { probe } from './probe.ts';
import type { Evidence } from './thresholds.ts';

/** Probes of many workers and upstreams drift apart by this part of the interval. */
const jitter = 0.1;
/** The first probe of a node comes within this. Milliseconds. */
const firstMs = 100;
/** Above, a timer of Node fires at once. Milliseconds. */
const mostMs = 2 ** 31 - 1;

export interface ActiveChecks {
  /** These nodes, and no others, are probed from now on. */
  follow(nodes: readonly LiveNode[]): void;
  /** What is under way ends by itself, and is not told. */
  stop(): void;
}

export function activeChecks(
  upstream: Upstream,
  check: ActiveCheck,
  lookup: LookupFunction | undefined,
  told: (live: LiveNode, evidence: Evidence) => void,
): ActiveChecks {
  const timers = new Map<LiveNode, NodeJS.Timeout>();
  const limited = limitTo(check.concurrency);
  const schedule = (live: LiveNode, ms: number): void => {
    timers.set(live, setTimeout(() => void turn(live), Math.min(ms, mostMs)).unref());
  };
  const turn = async (live: LiveNode): Promise<void> => {
    const found = await limited(async () => (timers.has(live) ? probe(live.node, upstream, check, lookup) : undefined));
    // Meanwhile the node may have left the configuration.
    if (!timers.has(live)) return;
    if (found !== undefined) told(live, found);
    const { intervalMs } = live.healthy ? check.healthy : check.unhealthy;
    schedule(live, intervalMs * (1 + jitter * (2 * Math.random() - 1)));
  };
  return {
    follow(nodes) {
      const wanted = new Set(nodes);
      for (const [live, timer] of timers) {
        if (wanted.has(live)) continue;
        clearTimeout(timer);
        timers.delete(live);
      }
      for (const live of nodes) if (!timers.has(live)) schedule(live, firstMs * Math.random());
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
