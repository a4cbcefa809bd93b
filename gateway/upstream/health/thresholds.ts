/** When a node changes between healthy and unhealthy: the counters of lua-resty-healthcheck, which APISIX uses. */
import type { HealthyRule, UnhealthyRule } from '../../config/config-objects.ts';

/** What one answer, or its absence, says of a node. */
export type Evidence = 'success' | 'http' | 'tcp' | 'timeout';

export interface Counts {
  readonly successes: number;
  readonly http: number;
  readonly tcp: number;
  readonly timeouts: number;
}

export interface Rules {
  readonly healthy: HealthyRule;
  readonly unhealthy: UnhealthyRule;
}

export const noCounts: Counts = { successes: 0, http: 0, tcp: 0, timeouts: 0 };

/** Undefined for a status that says nothing. */
export function evidenceOf(status: number, { healthy, unhealthy }: Rules): Evidence | undefined {
  if (healthy.statuses.includes(status)) return 'success';
  return unhealthy.statuses.includes(status) ? 'http' : undefined;
}

export interface Weighed {
  readonly counts: Counts;
  /** Undefined as long as no threshold is reached. */
  readonly healthy: boolean | undefined;
}

/** A success forgets the failures and a failure the successes; a threshold of 0 counts nothing of its sort. */
export function weigh(counts: Counts, evidence: Evidence, { healthy, unhealthy }: Rules): Weighed {
  if (evidence === 'success') {
    const successes = counts.successes + 1;
    const reached = healthy.successes > 0 && successes >= healthy.successes;
    return { counts: reached ? noCounts : { ...noCounts, successes }, healthy: reached ? true : undefined };
  }
  const [field, threshold] = (
    {
      http: ['http', unhealthy.httpFailures],
      tcp: ['tcp', unhealthy.tcpFailures],
      timeout: ['timeouts', unhealthy.timeouts],
    } as const
  )[evidence];
  if (threshold === 0) return { counts, healthy: undefined };
  const failures = counts[field] + 1;
  if (failures >= threshold) return { counts: noCounts, healthy: false };
  return { counts: { ...counts, successes: 0, [field]: failures }, healthy: undefined };
}
