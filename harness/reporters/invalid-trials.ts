/** The trials that were no experiment, with the reason that their own record gives. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Evidence, TrialEvidence } from '../model/evidence.ts';
import { unproven } from '../model/proofs.ts';

export interface InvalidTrial {
  readonly trial: TrialEvidence;
  readonly reason: string;
}

export function invalidTrials({ plan, trials }: Evidence): readonly InvalidTrial[] {
  const scenarios = new Map(plan.scenarios.map(({ scenario }) => [scenario.name, scenario]));
  return trials.flatMap((trial): InvalidTrial[] => {
    const reasons = reasonsOf(trial, scenarios.get(trial.scenario));
    return reasons.length === 0 ? [] : [{ trial, reason: reasons.join('; ') }];
  });
}

function reasonsOf({ state, reason, history }: TrialEvidence, scenario: Scenario | undefined): readonly string[] {
  if (state !== 'completed') return [reason ?? 'no reason was recorded'];
  const guards = history.flatMap((o) => (o.kind === 'guard' ? [`${o.guard}: ${o.detail}`] : []));
  const lacking = scenario === undefined ? undefined : unproven(scenario, history);
  return [...guards, ...(lacking === undefined ? [] : [lacking])];
}
