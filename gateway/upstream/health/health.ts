/** Whether a node is in use, by what its requests and probes came to; counted as lua-resty-healthcheck does. */
import type { HealthyRule, UnhealthyRule } from '../../config/config-objects.ts';
import type { LiveNode } from '../live-node.ts';

/** What a request or a probe came to. */
export type Outcome =
  | { readonly kind: 'status'; readonly status: number; readonly ms: number }
  | { readonly kind: 'tcp' }
  | { readonly kind: 'timeout' };

interface Counts {
  successes: number;
  http: number;
  tcp: number;
  timeout: number;
}

const counts = new WeakMap<LiveNode, Counts>();

/** Takes one outcome into account. True when the node has changed its state by it. */
export function judge(live: LiveNode, outcome: Outcome, healthy: HealthyRule, unhealthy: UnhealthyRule): boolean {
  let counted = counts.get(live);
  if (counted === undefined) counts.set(live, (counted = fresh()));
  if (outcome.kind === 'status' && healthy.statuses.includes(outcome.status)) {
    const successes = counted.successes + 1;
    Object.assign(counted, fresh(), { successes });
    return reached(successes, healthy.successes) && turn(live, true);
  }
  const [kind, threshold] = failureOf(outcome, unhealthy);
  if (kind === undefined) return false;
  counted.successes = 0;
  return reached(++counted[kind], threshold) && turn(live, false);
}

function fresh(): Counts {
  return { successes: 0, http: 0, tcp: 0, timeout: 0 };
}

/** Nothing for a status that is in neither list. */
function failureOf(outcome: Outcome, rule: UnhealthyRule): readonly ['http' | 'tcp' | 'timeout' | undefined, number] {
  if (outcome.kind === 'tcp') return ['tcp', rule.tcpFailures];
  if (outcome.kind === 'timeout') return ['timeout', rule.timeouts];
  return rule.statuses.includes(outcome.status) ? ['http', rule.httpFailures] : [undefined, 0];
}

/** A threshold of 0 is never reached. */
function reached(count: number, threshold: number): boolean {
  return threshold > 0 && count >= threshold;
}

function turn(live: LiveNode, healthy: boolean): boolean {
  if (live.healthy === healthy) return false;
  live.healthy = healthy;
  return true;
}
