/** Guards: was this trial an experiment at all? What fails here makes the trial invalid, never failed or passed. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { Metric, Scenario } from '../../scenarios/scenario.ts';
import type { PhaseLatency } from '../model/evidence.ts';

export interface Guard {
  readonly guard: string;
  readonly detail: string;
}

/** Share of the planned requests that must have been sent. */
const deliveredShare = 0.995;
/** Lateness up to this is usual on a shared host. Milliseconds, 99th percentile. */
const lateP99Ms = 50;
/** Beyond it, lateness may be this share of the latency that is judged: more, and the engine times itself. */
const lateShare = 0.25;
/** Metrics of what a client waits, from the moment when it meant to send. */
const timed: ReadonlySet<Metric> = new Set([
  'latency-p50',
  'latency-p99',
  'latency-p50-fault-effect',
  'latency-p99-fault-effect',
  'stall-growth',
]);

/** Whether the planned load was delivered, and on time where a scenario judges latency. */
export function loadGuards({ expectations }: Scenario, latency: readonly PhaseLatency[]): readonly Guard[] {
  const isTimed = expectations.some((one) => one.kind === 'no-worse' && timed.has(one.metric));
  const guards: Guard[] = [];
  for (const { phase, planned, sent, sendLatenessP99Ms, histogram } of latency) {
    if (phase === 'warmup') continue;
    if (sent < deliveredShare * planned) {
      guards.push({ guard: 'load-delivered', detail: `${sent} of ${planned} planned requests were sent in ${phase}` });
    }
    // A gateway that burns the cores makes the engine late too: that is its doing as long as it is the slower one.
    const mostMs = Math.max(lateP99Ms, lateShare * p99Ms(histogram));
    if (isTimed && sendLatenessP99Ms > mostMs) {
      const late = `requests left ${sendLatenessP99Ms.toFixed(0)} ms late (p99) in ${phase}; the host is too busy`;
      guards.push({ guard: 'load-on-time', detail: late });
    }
  }
  if (latency.length === 0) guards.push({ guard: 'load-delivered', detail: 'no load was measured' });
  return guards;
}

function p99Ms(histogram: string): number {
  return decodeFromCompressedBase64(histogram, 32, false).getValueAtPercentile(99) / 1_000;
}
