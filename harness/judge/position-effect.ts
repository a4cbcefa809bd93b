/**
 * Whether the place in a block moves what is measured: the host gets slower from one trial to the next, or a trial leaves
 * something behind. The two stable arms of a block are the same build, so the later should not differ from the earlier.
 */
import type { Metric } from '../../scenarios/scenario.ts';
import type { ScenarioPlan } from '../model/plan.ts';
import type { Block } from './blocks.ts';
import { measure } from './metrics/index.ts';
import { scaleOf, type Scales } from './scales.ts';
import { mostFlips, signFlipP, type Unit } from './statistics/sign-flip.ts';

/** A session of equal places is called invalid with this chance. */
export const positionAlpha = 0.01;

export interface Ordered {
  readonly plan: ScenarioPlan;
  readonly blocks: readonly Block[];
}

/**
 * p of "later is as before" over the first blocks, as many as can be enumerated, of all scenarios whose arms run in turn,
 * for all their metrics together. It takes 8 blocks to reach `positionAlpha`.
 */
export function positionP(scenarios: readonly Ordered[], scales: Scales): number {
  const inTurn = scenarios.filter(({ plan }) => plan.scenario.arms === 'in-turn');
  const blocks = Math.min(
    mostFlips,
    inTurn.reduce((sum, each) => sum + each.blocks.length, 0),
  );
  // A flip of all is as far from 0: with fewer blocks no order of them is rare enough.
  if (2 / 2 ** blocks > positionAlpha) return 1;
  const metrics = [...new Set(inTurn.flatMap(({ plan }) => judgedMetrics(plan)))];
  const units = inTurn.flatMap(({ plan, blocks }) => blocks.map((block) => unitOf(plan, block, metrics, scales)));
  return signFlipP(units.slice(0, mostFlips));
}

function judgedMetrics({ scenario }: ScenarioPlan): readonly Metric[] {
  return scenario.expectations.flatMap((one) => (one.kind === 'no-worse' ? [one.metric] : []));
}

/** Later minus earlier of the two stable arms, in standard deviations. */
function unitOf(plan: ScenarioPlan, { block, trials }: Block, metrics: readonly Metric[], scales: Scales): Unit {
  const order = plan.blocks[(block - 1) % plan.blocks.length]?.order ?? [];
  const later = order.indexOf('twin') > order.indexOf('stable') ? 1 : -1;
  const judged = judgedMetrics(plan);
  return metrics.map((metric) => {
    if (!judged.includes(metric)) return 0;
    const [stable, twin] = [measure(metric, trials.stable), measure(metric, trials.twin)];
    if (stable.state === 'missing' || twin.state === 'missing') return 0;
    return (later * (twin.y - stable.y)) / (scaleOf(scales, plan.scenario.name, metric) * Math.SQRT2);
  });
}
