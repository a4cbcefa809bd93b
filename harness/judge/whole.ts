/** The sentence over the whole verdict: the gravest finding speaks for all. */
import type { Plan } from '../model/plan.ts';
import type { Decision, ScenarioVerdict } from '../model/verdict.ts';
import { plural } from './words.ts';

export function wholeBecause(plan: Plan, decision: Decision, scenarios: readonly ScenarioVerdict[]): string {
  const findings = scenarios.flatMap((scenario) => scenario.findings);
  const gravest = findings.filter((finding) => finding.decision === decision);
  const [first] = gravest;
  if (decision !== 'safe' && first !== undefined) {
    const others = gravest.length - 1;
    return others === 0 ? first.because : `${first.because} (and ${plural(others, `more ${decision} finding`)})`;
  }
  const skipped = scenarios.find((scenario) => scenario.decision === 'skipped');
  if (decision === 'skipped' && skipped !== undefined) {
    const rest = scenarios.filter((scenario) => scenario.decision !== 'skipped').length;
    const others = rest === 0 ? '' : `; nothing spoke against the canary in the other ${plural(rest, 'scenario')}`;
    return `${skipped.because ?? skipped.scenario}${others}`;
  }
  const invariants = findings.filter(({ expectation }) => expectation.kind === 'invariant').length;
  const metrics = findings.length - invariants;
  const proofs = [
    ...(invariants === 0 ? [] : [`no worse in ${plural(invariants, 'invariant')}`]),
    ...(metrics === 0 ? [] : [`inside the tolerance of ${plural(metrics, 'metric')}`]),
  ];
  const where = plural(scenarios.length, 'scenario');
  return `canary ${plan.builds.canary.name} held against stable ${plan.builds.stable.name} in ${where}: ${proofs.join(' and ')}`;
}
