/** Asks the single requests of a scenario, one after the other, and records what came back. */
import type { Conformance, ConformanceRequest } from '../../../scenarios/conformance.ts';
import type { Observation, Recorder } from '../../model/history.ts';
import { exchange } from './exchange.ts';

type Stage = Extract<Observation, { readonly kind: 'conformance' }>['stage'];

/** What is asked after the fault is asked after the tail, too. */
export async function askConformance(
  traffic: URL,
  { requests }: Conformance,
  stage: Stage,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  for (const request of requests) {
    const when = stage === 'before' ? 'before' : 'after';
    if ((request.when ?? when) !== when) continue;
    const answer = await usual(traffic, request, signal);
    recorder.record({ kind: 'conformance', stage, request: request.name, answer });
  }
}

/** What came most often; of equals what came first. */
async function usual(traffic: URL, request: ConformanceRequest, signal: AbortSignal): Promise<string> {
  const counts = new Map<string, number>();
  for (let asked = 0; asked < (request.times ?? 1); asked++) {
    const answer = await exchange(traffic, request, signal);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0] as [string, number])[0];
}
