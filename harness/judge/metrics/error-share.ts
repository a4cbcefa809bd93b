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
  return shareOver(phases, ({ planned, ok }) => planned - ok);
}

/** The same of those of the planned requests that `count` counts. */
function shareOver(phases: readonly PhaseLatency[], count: (phase: PhaseLatency) => number): Measured {
  // Each count is checked, because a null that JSON wrote for NaN would add up as 0.
  if (!phases.every((phase) => Number.isFinite(phase.planned) && Number.isFinite(phase.ok)))
    return noData('the counts of requests are not numbers');
  const planned = phases.reduce((sum, phase) => sum + phase.planned, 0);
  const ok = phases.reduce((sum, phase) => sum + phase.ok, 0);
  if (planned <= 0) return noData('no request was planned in the phases that are compared');
  if (ok < 0 || ok > planned) return noData(`${ok} requests answered of ${planned} planned cannot be`);
  const counted = phases.reduce((sum, phase) => sum + count(phase), 0);
  if (!(counted >= 0 && counted <= planned)) return noData(`${counted} such answers of ${planned} requests cannot be`);
  return exactly(Math.log((counted + 0.5 + floorShare * planned) / (planned - counted + 0.5)), counted / planned);
}

export const errorShare: MetricDefinition = {
  noun: 'share of requests not served rightly',
  unit: 'share',
  trialSd: 0.2,
  constants: { 'error-share.floor': floorShare },
  record: 'latency.json',
  measure: (trial) => errorsOver(faultAndSettle(trial)),
};

/** How the load engines call an answer of a route that is blocked or was lost, and one that is another route's or an older state. */
const staleKinds = ['403', '404', 'wrong-seq'] as const;

/** A null that JSON wrote for NaN must not count as 0. */
function staleIn({ errors }: PhaseLatency): number {
  const counts = staleKinds.flatMap((kind) => errors[kind] ?? (kind in errors ? Number.NaN : []));
  return counts.reduce((sum, each) => sum + each, 0);
}

/** Those of the errors that a wrong configuration answers, in the same form. Overload, resets and time-outs are none. */
export const staleShare: MetricDefinition = {
  noun: 'share of requests answered by a lost or older configuration',
  unit: 'share',
  trialSd: 0.2,
  constants: { 'stale-share.floor': floorShare },
  record: 'latency.json',
  measure: (trial) => shareOver(faultAndSettle(trial), staleIn),
};
