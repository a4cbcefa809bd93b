/**
 * The judge: evidence in, verdict out, and nothing else. Per scenario: trials → blocks that count → metrics tested and
 * invariants asked → findings → decision; then the gravest decides the whole. The same evidence gives the same bytes.
 */
import { isAlone, judgeAlone } from './alone.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import { blocksOf } from './blocks.ts';
import { statedConstants } from './constants.ts';
import { gravest } from './gravest.ts';
import { buildName, inputProblems } from './input.ts';
import { metricCases, type MetricCase } from './metric-cases.ts';
import { positionP } from './position-effect.ts';
import { scenarioVerdict } from './scenario-verdict.ts';
import { skippedVerdict } from './skipped.ts';
import { holm } from './statistics/holm.ts';
import { wholeBecause } from './whole.ts';

/** Never throws for what a file may hold: evidence that cannot be judged gives the decision `invalid` and says why. */
export function judge(evidence: Evidence): Verdict {
  const { plan, trials } = evidence;
  const problems = inputProblems(evidence);
  const head = {
    schema: 1,
    stable: buildName(plan, 'stable'),
    canary: buildName(plan, 'canary'),
    planHash: plan.hash ?? 'unknown',
  } as const;
  if (problems.length > 0) {
    const because = `the evidence cannot be judged: ${problems.join('; ')}`;
    return { ...head, decision: 'invalid', because, constants: {}, scenarios: [] };
  }
  if (isAlone(plan)) return judgeAlone(evidence);
  const tried = plan.scenarios.filter(({ scenario }) => skippedVerdict(scenario, evidence) === undefined);
  const cases = tried.map((scenarioPlan) => {
    const mine = trials.filter((trial) => trial.scenario === scenarioPlan.scenario.name);
    const blocks = blocksOf(scenarioPlan.scenario, mine);
    return { plan: scenarioPlan, blocks, metrics: metricCases(scenarioPlan, blocks.valid, plan.calibration) };
  });
  const position = positionP(
    cases.map(({ plan: scenarioPlan, blocks }) => ({ plan: scenarioPlan, blocks: blocks.valid })),
    plan.calibration,
  );
  const steps = holm(cases.map(({ metrics }) => smallestP(metrics)));
  const judged = cases.map(({ plan: scenarioPlan, blocks, metrics }, i) =>
    scenarioVerdict(
      {
        plan: scenarioPlan,
        blocks,
        stable: head.stable,
        canary: head.canary,
        scenarios: cases.length,
        position,
        holm: steps[i] ?? { factor: cases.length, floor: 0 },
      },
      metrics,
    ),
  );
  const scenarios = plan.scenarios.flatMap(
    ({ scenario }) =>
      skippedVerdict(scenario, evidence) ?? judged.filter((verdict) => verdict.scenario === scenario.name),
  );
  const decision = gravest(scenarios.map((scenario) => scenario.decision));
  const because = wholeBecause(plan, decision, scenarios);
  return { ...head, decision, because, constants: statedConstants(plan), scenarios };
}

/** The scenario's own p value: the smallest over its metrics and looks, each already adjusted for both. */
function smallestP(metrics: readonly MetricCase[]): number {
  return metrics.reduce((p, { looks }) => looks.reduce((q, at) => Math.min(q, at.p), p), 1);
}
