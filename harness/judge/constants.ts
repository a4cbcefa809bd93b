/** Every constant that moves a verdict, by the name under which the verdict states it. */
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { clockStepMs, stolenShare, throttledShare } from './host-guards.ts';
import { pointersPerTrial } from './invariant-finding.ts';
import { decisiveBlocks, invariantAlpha } from './invariant-rule.ts';
import { sessionAlpha } from './looks.ts';
import { metrics } from './metrics/index.ts';
import { noiseErrors, noiseLevel } from './noise-guard.ts';
import { oracles } from './oracles/index.ts';
import { positionAlpha } from './position-effect.ts';
import { significantDigits } from './round.ts';
import { scaleOf, sourceOf } from './scales.ts';
import { responseConstants } from './streams/response-diffs.ts';
import { wantedChance, worthwhileChance } from './wanted-blocks.ts';

export function statedConstants(plan: Plan): Verdict['constants'] {
  const judged = plan.scenarios.flatMap(({ scenario }) =>
    scenario.expectations.flatMap((one) => (one.kind === 'no-worse' ? [{ scenario, metric: one.metric }] : [])),
  );
  const ofMetrics = judged.flatMap(({ scenario: { name }, metric }) => [
    // Built-in scales are the same in every scenario; calibrated ones are the scenario's own.
    [
      plan.calibration === undefined ? `${metric}.trialSd` : `${name}.${metric}.trialSd`,
      scaleOf(plan.calibration, name, metric),
    ] as const,
    ...Object.entries(metrics[metric].constants),
  ]);
  const ofOracles = plan.scenarios.flatMap(({ scenario }) =>
    scenario.expectations.flatMap((one) =>
      one.kind === 'invariant' ? Object.entries(oracles[one.oracle].constants ?? {}) : [],
    ),
  );
  const looks = plan.scenarios.map(
    ({ scenario, looks }) =>
      [
        `looks.${scenario.name}`,
        looks.map(({ blocks, alpha }) => `${blocks} blocks at alpha ${alpha}`).join(', '),
      ] as const,
  );
  return {
    sessionAlpha,
    scenariosUnderHolm: plan.scenarios.length,
    ...Object.fromEntries(looks),
    'scales.source': sourceOf(plan.calibration),
    ...Object.fromEntries(ofMetrics),
    invariantAlpha,
    invariantBlocks: decisiveBlocks,
    ...Object.fromEntries(ofOracles),
    pointersPerTrial,
    'hostGuard.clockStepMs': clockStepMs,
    'hostGuard.stolenShare': stolenShare,
    'hostGuard.throttledShare': throttledShare,
    positionAlpha,
    ...(plan.scenarios.some(({ scenario }) => scenario.conformance !== undefined) ? responseConstants : {}),
    'noiseGuard.level': noiseLevel,
    'noiseGuard.standardErrors': noiseErrors,
    'blocksNeeded.chance': wantedChance,
    'blocksNeeded.worthwhileChance': worthwhileChance,
    significantDigits,
  };
}
