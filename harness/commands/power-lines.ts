/** What a plan can detect in its blocks, metric by metric, and how long that takes: lines for `gatecrash plan`. */
import { detectable } from '../judge/detectable.ts';
import { sourceOf } from '../judge/scales.ts';
import type { Plan, ScenarioPlan } from '../model/plan.ts';
import { blockMs } from '../run/expected-time.ts';

/** Simulated with the plan's seed, so the same plan says the same. */
export function powerLines(plan: Plan, scenario: ScenarioPlan): readonly string[] {
  const found = detectable(scenario, plan.scenarios.length, plan.calibration, plan.seed);
  if (found.length === 0) return ['  detects   no metric is judged; a breach of an invariant in 3 blocks'];
  const width = Math.max(...found.map(({ expectation }) => expectation.metric.length));
  return [
    `  detects   ${within(scenario)} (scales: ${sourceOf(plan.calibration)})`,
    ...found.map(({ expectation: { metric, tolerance }, mde80, mde95, passChance }) => {
      const pass = `an equal build is inside +${Math.round(tolerance * 100)} % with ${Math.round(passChance * 100)} %`;
      return `    ${metric.padEnd(width)}  ${change(mde80)} in 80 %, ${change(mde95)} in 95 % of checks; ${pass}`;
    }),
  ];
}

/** Over all looks: a large effect is found at the first of them. */
function within(scenario: ScenarioPlan): string {
  const { looks } = scenario;
  const most = looks.at(-1)?.blocks ?? 0;
  const seconds = Math.round((most * blockMs(scenario)) / 1_000);
  return `in ${looks.length > 1 ? 'up to ' : ''}${most} blocks, about ${seconds} s`;
}

function change(ratio: number): string {
  return Number.isFinite(ratio) ? `+${Math.round((ratio - 1) * 100)} %` : 'nothing';
}
