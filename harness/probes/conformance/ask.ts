/** Asks the single requests of a scenario, one after the other, and records what came back. */
import type { Conformance, ConformanceRequest } from '../../../scenarios/conformance.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Observation, Recorder } from '../../model/history.ts';
import type { Gateway } from '../../model/ports.ts';
import { type Place, exchange } from './exchange.ts';

type Stage = Extract<Observation, { readonly kind: 'conformance' }>['stage'];
type Asked = Pick<Gateway, 'traffic' | 'admin' | 'metrics'>;

/** What is asked after the fault is asked after the tail, too. */
export async function askConformance(
  gateway: Asked,
  { requests }: Conformance,
  stage: Stage,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  for (const request of requests) {
    if (!isDue(request, stage)) continue;
    const answer = await usual(placeOf(request, gateway), request, signal);
    recorder.record({ kind: 'conformance', stage, request: request.name, answer });
  }
}

function isDue({ when }: ConformanceRequest, stage: Stage): boolean {
  if (stage === 'during' || when === 'during') return stage === when;
  return when === undefined || when === (stage === 'before' ? 'before' : 'after');
}

/** Scenarios that need what a gateway has not are skipped before anything runs. */
function placeOf({ to }: ConformanceRequest, { traffic, admin, metrics }: Asked): Place {
  if (to === undefined) return { url: traffic };
  if (to === 'admin' && admin !== undefined) return admin;
  if (to === 'metrics' && metrics !== undefined) return { url: metrics, isPage: true };
  throw new HarnessError('USAGE', `the gateway serves nothing like ${to}`);
}

/** What came most often; of equals what came first. */
async function usual(place: Place, request: ConformanceRequest, signal: AbortSignal): Promise<string> {
  const counts = new Map<string, number>();
  for (let asked = 0; asked < (request.times ?? 1); asked++) {
    const answer = await exchange(place, request, signal);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0] as [string, number])[0];
}
