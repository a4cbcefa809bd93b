/** Planned looks: after how many blocks the judge may decide, and what share of alpha each look may spend. */
import type { Look, ScenarioPlan } from '../model/plan.ts';

/** Chance of a false REGRESSION by metrics in one whole session, over all looks, metrics and scenarios. */
export const sessionAlpha = 0.05;

/** How many blocks a session may take, and when it is looked at. */
export type Design = 'quick' | 'nightly' | 'release';

interface TwoLooks {
  readonly first: Look;
  readonly last: Look;
}

/** Every first look can fail a single scenario (3⁻ⁿ is below its share) and pass any. A release gate risks 1 % in all. */
const designs: Readonly<Record<Design, TwoLooks>> = {
  quick: { first: { blocks: 3, alpha: 0.0375 }, last: { blocks: 5, alpha: 0.0125 } },
  nightly: { first: { blocks: 4, alpha: 0.0125 }, last: { blocks: 6, alpha: 0.0375 } },
  release: { first: { blocks: 5, alpha: 0.0045 }, last: { blocks: 7, alpha: 0.0055 } },
};

export function isDesign(name: string): name is Design {
  return name in designs;
}

export const designNames: readonly string[] = Object.keys(designs);

/**
 * The looks of a session of `scenarios` scenarios: the design's first, and its last with so many blocks that the smallest
 * possible p value survives Holm over all scenarios. Each test is exact; their shares add up to at most `sessionAlpha`.
 */
export function plannedLooks(scenarios: number, design: Design = 'quick'): Look[] {
  if (!Number.isInteger(scenarios) || scenarios < 1)
    throw new RangeError(`a session has at least one scenario, not ${scenarios}`);
  const { first, last } = designs[design];
  let { blocks } = last;
  while (3 ** -blocks > last.alpha / scenarios) blocks += 1;
  return [first, { blocks, alpha: last.alpha }];
}

/** The looks that so many complete valid blocks have reached, in order. */
export function reachedLooks(plan: ScenarioPlan, validBlocks: number): readonly Look[] {
  return plan.looks.filter((look) => look.blocks <= validBlocks);
}

/** The p value of one look on the session's scale: comparing it with `sessionAlpha` spends only the look's share. */
export function spent(p: number, look: Look): number {
  return (p * sessionAlpha) / look.alpha;
}

/** Blocks that a scenario needs before anything of it may be called safe. */
export function firstLook(plan: ScenarioPlan): Look {
  const [look] = plan.looks;
  if (look === undefined) throw new RangeError(`scenario ${plan.scenario.name} has no planned look`);
  return look;
}
