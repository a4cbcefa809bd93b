/** Whether a trial was an experiment at all. A trial that was not is excluded with its whole block. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { TrialEvidence } from '../model/evidence.ts';
import { hostReasons } from './host-guards.ts';
import { unproven } from '../model/proofs.ts';

/** Why the trial does not count; empty when it does. */
export function tripped(trial: TrialEvidence, scenario: Scenario): readonly string[] {
  if (trial.state !== 'completed') return [`${trial.state}: ${trial.reason ?? 'no reason was recorded'}`];
  const reasons = trial.history.flatMap((o) => (o.kind === 'guard' ? [`${o.guard}: ${o.detail}`] : []));
  if (!trial.history.every(({ atMs }) => Number.isFinite(atMs))) reasons.push('clock: a time stamp is not a number');
  // A trial that was ended for gross harm shows that harm, whether or not its fault had begun.
  const ended = trial.history.some(({ kind }) => kind === 'gross-harm');
  const lacking = ended ? undefined : unproven(scenario, trial.history);
  if (lacking !== undefined) reasons.push(`fault: ${lacking}`);
  return [...new Set([...reasons, ...hostReasons(trial.history, scenario)])];
}
