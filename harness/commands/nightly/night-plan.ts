/** The plans of a night: the suite for a pair, and the few blocks that look at an alarm again. */
import { randomInt } from 'node:crypto';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { sessionAlpha } from '../../judge/looks.ts';
import { type Look, type Plan, type RuntimeKind, arms } from '../../model/plan.ts';
import { makePlan } from '../../run/make-plan.ts';
import type { Pair, Suite } from './suite.ts';

/** Blocks that have to show a drift again before anyone is woken. */
const again: Look = { blocks: 2, alpha: sessionAlpha };

export function nightPlan({ scenarios, looks, runtime }: Suite, pair: Pair): Plan {
  return planOf(pair, scenarios, looks, runtime);
}

export function againPlan({ runtime }: Suite, pair: Pair, scenarios: readonly Scenario[]): Plan {
  return planOf(pair, scenarios, [again], runtime);
}

/** Other writes and another order every night: what holds for one seed only is no trend. */
function planOf(
  { stable, canary }: Pair,
  scenarios: readonly Scenario[],
  looks: readonly Look[],
  runtime: RuntimeKind,
): Plan {
  const builds = { stable, twin: stable, canary };
  return makePlan({ scenarios, builds, arms, looks, seed: randomInt(2 ** 31), runtime });
}
