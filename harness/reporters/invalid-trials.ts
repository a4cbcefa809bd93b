/** The trials that were no experiment, with the reason that their own record gives. */
import type { Evidence, TrialEvidence } from '../model/evidence.ts';

export interface InvalidTrial {
  readonly trial: TrialEvidence;
  readonly reason: string;
}

export function invalidTrials({ plan, trials }: Evidence): readonly InvalidTrial[] {
  const steps = new Map(plan.scenarios.map(({ scenario }) => [scenario.name, scenario.timeline.length]));
  return trials.flatMap((trial): InvalidTrial[] => {
    const reasons = reasonsOf(trial, steps.get(trial.scenario) ?? 0);
    return reasons.length === 0 ? [] : [{ trial, reason: reasons.join('; ') }];
  });
}

function reasonsOf({ state, reason, history }: TrialEvidence, steps: number): readonly string[] {
  if (state !== 'completed') return [reason ?? 'no reason was recorded'];
  const guards = history.flatMap((o) => (o.kind === 'guard' ? [`${o.guard}: ${o.detail}`] : []));
  const proven = new Set(history.flatMap((o) => (o.kind === 'fault' && o.edge === 'verified' ? [o.step] : [])));
  const unproven = steps - proven.size;
  return [...guards, ...(unproven > 0 ? [`${unproven} of ${steps} faults have no proof of effect`] : [])];
}
