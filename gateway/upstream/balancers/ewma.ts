/**
 * `ewma`: peak EWMA of the time to the first byte, as Finagle and APISIX have it. Of two nodes chosen at random, the one
 * that would answer sooner: asking the best of all would send every worker's next request to the same node.
 */
import type { LiveNode } from '../live-node.ts';
import type { Outcome } from '../outcome.ts';
import type { Balancer } from './balancer.ts';

/** After this, an old answer weighs 1/e of what it did. Milliseconds. */
const decayMs = 10_000;
/** Differences below this are noise. Milliseconds. */
const floorMs = 1;
/** A node that fails does so quickly; by its time alone it would get everything. Milliseconds. */
const failureMs = 1_000;

interface Cost {
  readonly ms: number;
  readonly at: number;
}

export function ewma(clock: () => number, random: () => number = Math.random): Balancer {
  const costs = new WeakMap<LiveNode, Cost>();
  /** Fades also without answers, so that a node once slow is asked again. Milliseconds. */
  const costOf = (live: LiveNode, now: number): number | undefined => {
    const cost = costs.get(live);
    return cost === undefined ? undefined : cost.ms * Math.exp((cost.at - now) / decayMs);
  };
  return {
    pick(candidates) {
      const [one, other] = twoOf(candidates, random);
      if (other === undefined) return one;
      const now = clock();
      const [a, b] = [costOf(one, now), costOf(other, now)];
      // A node that never answered counts as its rival does: as the quickest of all it would be overrun.
      return score(other, b ?? a ?? 0) < score(one, a ?? b ?? 0) ? other : one;
    },
    report(live, outcome) {
      const now = clock();
      const ms = seen(outcome);
      const before = costOf(live, now);
      const known = costs.get(live);
      // How long a client waited that went away is only a lower bound.
      if (outcome.end === 'abandoned' && ms < (before ?? 0)) return;
      const old = known === undefined ? 0 : Math.exp((known.at - now) / decayMs);
      const faded = (known?.ms ?? 0) * old + ms * (1 - old);
      costs.set(live, { ms: ms > (before ?? 0) ? ms : faded, at: now });
    },
  };
}

function score({ inFlight, weight }: LiveNode, ms: number): number {
  return ((ms + floorMs) * (inFlight + 1)) / weight;
}

/** 502, 503 and 504 say, as a broken connection does, that the node cannot serve. */
function seen({ end, status, elapsedMs }: Outcome): number {
  const failed = end === 'refused' || end === 'timeout' || (status >= 502 && status <= 504);
  return failed ? Math.max(failureMs, elapsedMs) : elapsedMs;
}

function twoOf(candidates: readonly LiveNode[], random: () => number): readonly [LiveNode, LiveNode | undefined] {
  const count = candidates.length;
  const index = Math.floor(random() * count);
  const one = candidates[index];
  if (one === undefined) throw new Error('a balancer was asked without candidates');
  return [one, count === 1 ? undefined : candidates[(index + 1 + Math.floor(random() * (count - 1))) % count]];
}
