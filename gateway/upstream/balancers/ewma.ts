/**
 * `ewma`: of two nodes drawn by chance the one that promises the shorter wait, by its latency and the requests under way
 * (peak EWMA with the power of two choices, as Twitter's Finagle has it). Looking at all of them would send everybody to
 * the same one.
 */
import type { LiveNode } from '../live-node.ts';
import type { Balancer } from './balancer.ts';

/** After this long a latency counts a third of what it did. Milliseconds. */
const decayMs = 10_000;

export function ewma(): Balancer {
  return {
    pick({ candidates }) {
      const [one, other] = twoOf(candidates);
      return costOf(one) <= costOf(other) ? one : other;
    },
  };
}

/** Takes one answer's time into the average. A worse one counts in full at once, a better one little by little. */
export function learnLatency(live: LiveNode, ms: number, now: number): void {
  const old = Math.exp(-live.latencyAgeMs / decayMs);
  live.latencyMs = ms > live.latencyMs ? ms : live.latencyMs * old + ms * (1 - old);
  live.latencyAt = now;
}

/** A node that nothing is known of costs nothing and is tried; one that was slow is forgiven as time goes by. */
function costOf({ latencyMs, latencyAgeMs, inFlight, weight }: LiveNode): number {
  return (latencyMs * Math.exp(-latencyAgeMs / decayMs) * (inFlight + 1)) / weight;
}

function twoOf(candidates: readonly LiveNode[]): readonly [LiveNode, LiveNode] {
  const first = Math.floor(Math.random() * candidates.length);
  const step = 1 + Math.floor(Math.random() * (candidates.length - 1));
  const [one, other] = [candidates[first], candidates[(first + step) % candidates.length]];
  if (one === undefined || other === undefined) throw new Error('a balancer was asked without candidates');
  return [one, other];
}
