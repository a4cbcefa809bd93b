/** Whether a trial was an experiment at all. A trial that was not is excluded with its whole block. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { TrialEvidence } from '../model/evidence.ts';
import { hostReasons } from './host-guards.ts';

/** Why the trial does not count; empty when it does. */
export function tripped(trial: TrialEvidence, scenario: Scenario): readonly string[] {
  if (trial.state !== 'completed') return [`${trial.state}: ${trial.reason ?? 'no reason was recorded'}`];
  const reasons = trial.history.flatMap((o) => (o.kind === 'guard' ? [`${o.guard}: ${o.detail}`] : []));
  if (!trial.history.every(({ atMs }) => Number.isFinite(atMs))) reasons.push('clock: a time stamp is not a number');
  const verified = new Set(trial.history.flatMap((o) => (o.kind === 'fault' && o.edge === 'verified' ? [o.step] : [])));
  // A trial that was ended for gross harm shows that harm, whether or not its fault had begun.
  const ended = trial.history.some(({ kind }) => kind === 'gross-harm');
  const unproven = ended ? 0 : scenario.timeline.length - verified.size;
  if (unproven > 0) reasons.push(`fault: ${unproven} of ${scenario.timeline.length} steps have no proof of effect`);
  return [...new Set([...reasons, ...hostReasons(trial.history, scenario)])];
}
