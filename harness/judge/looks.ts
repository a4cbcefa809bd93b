/** Planned looks: after how many blocks the judge may decide, and what share of alpha each look may spend. */
import type { Look, ScenarioPlan } from '../model/plan.ts';

/** Chance of a false REGRESSION by metrics in one whole session, over all looks, metrics and scenarios. */
export const sessionAlpha = 0.05;

const first: Look = { blocks: 3, alpha: 0.0375 };
const last: Look = { blocks: 5, alpha: 0.0125 };

/**
 * The quick design for a session of `scenarios` scenarios: a look after 3 blocks, which can fail a single scenario
 * (3⁻³ = 0.037) and pass any, and a last look after at least 5, with so many blocks that the smallest possible
 * p value survives Holm over all scenarios. Both tests are exact; their shares add up to `sessionAlpha`.
 */
export function plannedLooks(scenarios: number): Look[] {
  if (!Number.isInteger(scenarios) || scenarios < 1)
    throw new RangeError(`a session has at least one scenario, not ${scenarios}`);
  let blocks = last.blocks;
  while ((3 ** -blocks * sessionAlpha) / last.alpha > sessionAlpha / scenarios) blocks += 1;
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
