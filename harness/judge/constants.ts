/** Every constant that moves a verdict, by the name under which the verdict states it. */
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { pointersPerTrial } from './invariant-finding.ts';
import { decisiveBlocks, invariantAlpha } from './invariant-rule.ts';
import { sessionAlpha } from './looks.ts';
import { metrics } from './metrics/index.ts';
import { noiseErrors, noiseLevel } from './noise-guard.ts';
import { significantDigits } from './round.ts';
import { wantedChance, worthwhileChance } from './wanted-blocks.ts';

export function statedConstants(plan: Plan): Verdict['constants'] {
  const ofMetrics = Object.entries(metrics).flatMap(([name, { trialSd, constants }]) => [
    [`${name}.trialSd`, trialSd] as const,
    ...Object.entries(constants),
  ]);
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
    'scales.source': 'built-in',
    ...Object.fromEntries(ofMetrics),
    invariantAlpha,
    invariantBlocks: decisiveBlocks,
    pointersPerTrial,
    'noiseGuard.level': noiseLevel,
    'noiseGuard.standardErrors': noiseErrors,
    'blocksNeeded.chance': wantedChance,
    'blocksNeeded.worthwhileChance': worthwhileChance,
    significantDigits,
  };
}
