/** Guards: was this trial an experiment at all? What fails here makes the trial invalid, never failed or passed. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { PhaseLatency } from '../model/evidence.ts';

export interface Guard {
  readonly guard: string;
  readonly detail: string;
}

/** Share of the planned requests that must have been sent. */
const deliveredShare = 0.995;
/** Above this the load engine itself is late, and its latencies are its own. Milliseconds, 99th percentile. */
const lateP99Ms = 50;

/** Whether the planned load was delivered, and on time where a scenario judges latency. */
export function loadGuards({ expectations }: Scenario, latency: readonly PhaseLatency[]): readonly Guard[] {
  const timed = expectations.some((one) => one.kind === 'no-worse' && one.metric === 'latency-p99');
  const guards: Guard[] = [];
  for (const { phase, planned, sent, sendLatenessP99Ms } of latency) {
    if (phase === 'warmup') continue;
    if (sent < deliveredShare * planned) {
      guards.push({ guard: 'load-delivered', detail: `${sent} of ${planned} planned requests were sent in ${phase}` });
    }
    if (timed && sendLatenessP99Ms > lateP99Ms) {
      const late = `requests left ${sendLatenessP99Ms.toFixed(0)} ms late (p99) in ${phase}; the host is too busy`;
      guards.push({ guard: 'load-on-time', detail: late });
    }
  }
  if (latency.length === 0) guards.push({ guard: 'load-delivered', detail: 'no load was measured' });
  return guards;
}
