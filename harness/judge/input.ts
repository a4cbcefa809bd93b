/** Whether evidence can be judged at all: everything that is wrong with it, at once. */
import { plannedSteps } from '../../scenarios/timeline.ts';
import type { Evidence } from '../model/evidence.ts';
import { type Arm, type Plan, type ScenarioPlan, arms } from '../model/plan.ts';
import { sessionAlpha } from './looks.ts';
import { metrics } from './metrics/index.ts';
import { oracles } from './oracles/index.ts';
import { mostBlocks } from './statistics/max-t.ts';

/** Sentences; empty when the evidence can be judged. The types promise this, files do not. */
export function inputProblems({ plan, trials }: Evidence): readonly string[] {
  const schema: unknown = plan.schema;
  if (schema !== 1)
    return [`the plan has schema ${String(schema)}, this judge reads schema 1; use the version that wrote it`];
  const names = plan.scenarios.map(({ scenario }) => scenario.name);
  const problems = names.length === 0 ? ['the plan has no scenario'] : plan.scenarios.flatMap(planProblems);
  if (new Set(names).size < names.length) problems.push('the plan names a scenario twice');
  problems.push(...scaleProblems(plan));
  const seen = new Set<string>();
  for (const { scenario, block, arm } of trials) {
    const trial = `trial ${arm} of block ${block} of ${scenario}`;
    if (!names.includes(scenario)) problems.push(`${trial} belongs to no scenario of the plan`);
    if (!Number.isInteger(block)) problems.push(`${trial} has no whole block number`);
    if (!arms.includes(arm)) problems.push(`${trial} is of no arm that there is`);
    if (seen.has(trial)) problems.push(`${trial} is there twice`);
    seen.add(trial);
  }
  return problems;
}

function scaleProblems({ calibration }: Plan): readonly string[] {
  return Object.entries(calibration?.scales ?? {}).flatMap(([scenario, scales]) =>
    Object.entries(scales).flatMap(([metric, sd]) =>
      metric in metrics && Number.isFinite(sd) && sd > 0
        ? []
        : [`the calibration has the scale ${sd} for ${metric} of ${scenario}`],
    ),
  );
}

function planProblems({ scenario, looks, blocks }: ScenarioPlan): readonly string[] {
  const problems = scenario.expectations.flatMap((e) => {
    if (e.kind === 'invariant') return e.oracle in oracles ? [] : [`unknown invariant ${e.oracle}`];
    if (!(e.metric in metrics)) return [`unknown metric ${e.metric}`];
    return e.minimumEffect >= 0 && e.tolerance >= e.minimumEffect && Number.isFinite(e.tolerance)
      ? []
      : [`${e.metric} needs 0 ≤ minimumEffect ≤ tolerance, not ${e.minimumEffect} and ${e.tolerance}`];
  });
  if (!isTimed(scenario)) problems.push('its durations make no sense');
  if (scenario.expectations.length === 0) problems.push('it expects nothing');
  if (looks.length === 0) problems.push('it has no planned look');
  if (blocks.every(({ order }) => order.length === 1)) return worded(scenario, problems);
  if (
    !looks.every(
      ({ blocks }, i) => blocks > (looks[i - 1]?.blocks ?? 1) && blocks <= mostBlocks && Number.isInteger(blocks),
    )
  )
    problems.push(`its looks must have rising whole numbers of blocks from 2 to ${mostBlocks}`);
  const spent = looks.reduce((sum, { alpha }) => sum + alpha, 0);
  if (!looks.every(({ alpha }) => alpha > 0 && alpha < 0.5) || spent > sessionAlpha + 1e-12)
    problems.push(`its looks must spend positive shares of alpha of at most ${sessionAlpha} together, not ${spent}`);
  return worded(scenario, problems);
}

function isTimed(scenario: ScenarioPlan['scenario']): boolean {
  try {
    return plannedSteps(scenario).every(({ overMs, times }) => Number.isFinite(overMs) && Number.isInteger(times));
  } catch {
    return false;
  }
}

function worded({ name }: ScenarioPlan['scenario'], problems: readonly string[]): readonly string[] {
  return problems.map((problem) => `scenario ${name}: ${problem}`);
}

/** A plan of another schema may name its builds elsewhere; the verdict that refuses it still has to be written. */
export function buildName(plan: Plan, arm: Arm): string {
  const builds: Partial<Plan['builds']> | undefined = plan.builds;
  return builds?.[arm]?.name ?? 'unknown';
}
