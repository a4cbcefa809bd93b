/** Share of the planned requests that were not answered rightly, over fault and settling together. */
import type { PhaseLatency } from '../../model/evidence.ts';
import { faultAndSettle } from './fault-window.ts';
import { exactly, noData, type Measured, type MetricDefinition } from './metric.ts';

/**
 * Errors are compared above this share. On bare odds one error against none of 15 000 is a factor of 3, so chance
 * alone could fail a build or keep it from passing; with a floor of 0.1 % it is a factor of 1.07. The price: a rise
 * from 0 to less than about 0.1 % (at a minimum effect of 1) is too small to fail for.
 */
const floorShare = 0.001;

/**
 * y = ln((x + ½ + floor·N) / (N − x + ½)), x = requests not answered rightly of N planned. A planned request that was
 * never sent counts as an error: the client was not served. A load engine at fault makes the trial invalid instead.
 */
export function errorsOver(phases: readonly PhaseLatency[]): Measured {
  // Each count is checked, because a null that JSON wrote for NaN would add up as 0.
  if (!phases.every((phase) => Number.isFinite(phase.planned) && Number.isFinite(phase.ok)))
    return noData('the counts of requests are not numbers');
  const planned = phases.reduce((sum, phase) => sum + phase.planned, 0);
  const ok = phases.reduce((sum, phase) => sum + phase.ok, 0);
  if (planned <= 0) return noData('no request was planned in the phases that are compared');
  if (ok < 0 || ok > planned) return noData(`${ok} requests answered of ${planned} planned cannot be`);
  const wrong = planned - ok;
  return exactly(Math.log((wrong + 0.5 + floorShare * planned) / (ok + 0.5)), wrong / planned);
}

export const errorShare: MetricDefinition = {
  noun: 'share of requests not served rightly',
  unit: 'share',
  trialSd: 0.2,
  constants: { 'error-share.floor': floorShare },
  record: 'latency.json',
  measure: (trial) => errorsOver(faultAndSettle(trial)),
};
