/**
 * The judge of a run of one build. Without a stable arm there is nothing to be worse than: invariants are decided from
 * each trial alone, a breach is a known weakness (not a regression), and what compares arms is not decided at all: metrics, and
 * invariants of that kind.
 */
import type { Evidence, TrialEvidence } from '../model/evidence.ts';
import type { Plan, ScenarioPlan } from '../model/plan.ts';
import type { Decision, Finding, ScenarioVerdict, Verdict } from '../model/verdict.ts';
import { gravest } from './gravest.ts';
import { tripped } from './guards.ts';
import type { InvariantExpectation } from './invariant-rule.ts';
import { turnWords } from './oracles/fault-words.ts';
import { ask, oracles } from './oracles/index.ts';
import type { Outcome } from './oracles/oracle.ts';
import { skippedVerdict } from './skipped.ts';
import { plural, span } from './words.ts';

/** Whether the plan runs the canary alone. */
export function isAlone(plan: Plan): boolean {
  return plan.scenarios.every(({ blocks }) => blocks.every(({ order }) => order.length === 1));
}

export function judgeAlone(evidence: Evidence): Verdict {
  const { plan, trials } = evidence;
  const scenarios = plan.scenarios.map(
    (scenarioPlan) =>
      skippedVerdict(scenarioPlan.scenario, evidence) ??
      scenarioAlone(
        plan,
        scenarioPlan,
        trials.filter(({ scenario }) => scenario === scenarioPlan.scenario.name),
      ),
  );
  const decision = gravest(scenarios.map((scenario) => scenario.decision));
  const said = [...scenarios.flatMap(({ findings }) => findings), ...scenarios].find(
    (each) => each.decision === decision && each.because !== undefined,
  );
  const { name } = plan.builds.canary;
  return {
    schema: 1,
    decision,
    because: decision === 'safe' ? allHeld(name, scenarios) : (said?.because ?? `${name} was not tried`),
    stable: name,
    canary: name,
    planHash: plan.hash,
    constants: { arms: 1 },
    scenarios,
  };
}

function allHeld(build: string, scenarios: readonly ScenarioVerdict[]): string {
  const kept = new Set(scenarios.flatMap(({ findings }) => findings.map(({ subject }) => subject)));
  const trials = scenarios.reduce((sum, { blocks }) => sum + blocks.used, 0);
  const where = scenarios.map(({ scenario }) => scenario).join(', ');
  return `${build} held ${[...kept].join(', ')} in ${plural(trials, 'trial')} of ${where}`;
}

function scenarioAlone(
  plan: Plan,
  { scenario, looks }: ScenarioPlan,
  trials: readonly TrialEvidence[],
): ScenarioVerdict {
  const wanted = looks[0]?.blocks ?? 1;
  const spoilt = trials.flatMap((trial) => tripped(trial, scenario));
  const valid = trials.filter((trial) => tripped(trial, scenario).length === 0);
  const invariants = scenario.expectations.filter(
    (one): one is InvariantExpectation => one.kind === 'invariant' && oracles[one.oracle].compares !== true,
  );
  const findings = invariants.map((expectation): Finding => {
    const outcomes = valid.map((trial) => ask(expectation.oracle, trial, scenario));
    const decision = decided(outcomes, wanted, spoilt.length > 0);
    return {
      scenario: scenario.name,
      expectation,
      subject: expectation.oracle,
      decision,
      because: sentence(plan.builds.canary.name, expectation, scenario.name, outcomes, spoilt),
      evidence: outcomes.flatMap((outcome) => (outcome.state === 'breached' ? outcome.pointers : [])),
    };
  });
  const missing = wanted - valid.length;
  return {
    scenario: scenario.name,
    claim: scenario.claim,
    decision: findings.length === 0 ? 'inconclusive' : gravest(findings.map((finding) => finding.decision)),
    blocks: { used: valid.length, invalid: trials.length - valid.length },
    findings,
    blocksNeeded: missing > 0 ? missing : null,
  };
}

function decided(outcomes: readonly Outcome[], wanted: number, spoilt: boolean): Decision {
  if (outcomes.some(({ state }) => state === 'breached')) return 'known-weakness';
  if (outcomes.some(({ state }) => state === 'cannot-tell')) return 'invalid';
  if (outcomes.length >= wanted) return 'safe';
  return spoilt ? 'invalid' : 'inconclusive';
}

function sentence(
  build: string,
  { oracle }: InvariantExpectation,
  scenario: string,
  outcomes: readonly Outcome[],
  spoilt: readonly string[],
): string {
  const breached = outcomes.flatMap((outcome) => (outcome.state === 'breached' ? [outcome] : []));
  const where = `in ${breached.length} of ${plural(outcomes.length, 'trial')} of ${scenario}`;
  if (breached.length > 0) {
    const asked = oracles[oracle];
    const [during] = new Set(breached.map((breach) => breach.during));
    return `${build} ${asked.breaks} ${where}: ${asked.counted(span(breached.map(({ count }) => count)), during)}${turnWords(breached)}`;
  }
  const untold = outcomes.find((outcome) => outcome.state === 'cannot-tell');
  if (untold?.state === 'cannot-tell') return `${oracle}: cannot tell: ${untold.why}`;
  if (outcomes.length === 0)
    return `${oracle}: no trial of ${scenario} was valid${spoilt.length === 0 ? '' : `: ${spoilt.join('; ')}`}`;
  return `${build} held ${oracle} in ${plural(outcomes.length, 'trial')} of ${scenario}`;
}
