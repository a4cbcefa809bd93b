/** Tells of requests that cannot be read: each is counted, and of each kind a line is logged now and then. */
import type { Logger } from 'pino';
import type { Metrics } from '../observe/metrics.ts';
import type { GatewayState } from '../proxy/gateway-state.ts';

/** For so long after a line those of the same kind are only counted: who sends one may send thousands. Milliseconds. */
const quietMs = 10_000;

export function tellMalformed(metrics: Metrics, log: Logger): GatewayState['onMalformed'] {
  const told = new Map<string, { readonly atMs: number; untold: number }>();
  return (code, client) => {
    metrics.malformed(code);
    const nowMs = performance.now();
    const last = told.get(code);
    if (last !== undefined && nowMs - last.atMs < quietMs) {
      last.untold++;
      return;
    }
    told.set(code, { atMs: nowMs, untold: 0 });
    log.warn({ code, client, untold: last?.untold ?? 0 }, 'malformed request refused');
  };
}
