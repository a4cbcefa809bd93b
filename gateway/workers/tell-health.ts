/** Tells of upstream nodes that change: one line of the log each, and a metric. */
import type { Logger } from 'pino';
import type { Metrics } from '../observe/metrics.ts';
import type { HealthChange } from '../upstream/upstream-options.ts';

export function tellHealth(metrics: Metrics, log: Logger): (change: HealthChange) => void {
  return (change) => {
    const { upstream, node, now } = change;
    metrics.upstreamHealth(change);
    if (now === 'unhealthy') log.warn({ upstream, node }, 'upstream node is unhealthy; others take its requests');
    else if (now === 'healthy') log.info({ upstream, node }, 'upstream node is healthy again');
  };
}
