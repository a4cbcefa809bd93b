/** One run's points for the series of its metrics, from its evidence alone. */
import { mean, median } from 'simple-statistics';
import type { Evidence, TrialEvidence } from '../../model/evidence.ts';
import type { MetricPoint, MetricValue } from '../../model/run-record.ts';
import { blocksOf } from '../blocks.ts';
import { inputProblems } from '../input.ts';
import type { NoWorse } from '../metric-cases.ts';
import { measure } from '../metrics/index.ts';
import { rounded } from '../round.ts';
import { contrasts, type Triplet } from '../statistics/contrast.ts';
import { twinNoise } from '../statistics/twin-noise.ts';

export interface Measurements {
  readonly values: readonly MetricValue[];
  readonly points: readonly MetricPoint[];
}

/** Nothing of evidence that cannot be judged. Values are of all trials of valid blocks; a point needs whole blocks. */
export function measurements(evidence: Evidence): Measurements {
  if (inputProblems(evidence).length > 0) return { values: [], points: [] };
  const parts = evidence.plan.scenarios.flatMap(({ scenario }) => {
    const mine = evidence.trials.filter((trial) => trial.scenario === scenario.name);
    const { valid } = blocksOf(scenario, mine);
    return scenario.expectations
      .filter((e): e is NoWorse => e.kind === 'no-worse')
      .map((e) => {
        const blocks = valid.map(({ block, trials: { canary, stable, twin } }): readonly MetricValue[] =>
          [canary, stable, twin].flatMap((trial) => valueOf(e.metric, block, trial)),
        );
        return { values: blocks.flat(), points: pointOf(scenario.name, e.metric, blocks.filter(isWhole)) };
      });
  });
  return { values: parts.flatMap(({ values }) => values), points: parts.flatMap(({ points }) => points) };
}

type WholeBlock = readonly [canary: MetricValue, stable: MetricValue, twin: MetricValue];

function isWhole(values: readonly MetricValue[]): values is WholeBlock {
  return values.length === 3;
}

function valueOf(metric: NoWorse['metric'], block: number, trial: TrialEvidence): readonly MetricValue[] {
  const measured = measure(metric, trial);
  if (measured.state === 'missing') return [];
  const { y, value, censored } = measured;
  const { scenario, arm } = trial;
  return [{ scenario, metric, block, arm, y: rounded(y), value: rounded(value), censored }];
}

function pointOf(scenario: string, metric: string, blocks: readonly WholeBlock[]): readonly MetricPoint[] {
  if (blocks.length === 0) return [];
  const triplets = blocks.map(([canary, stable, twin]): Triplet => [canary.y, stable.y, twin.y]);
  const stables = blocks.flatMap(([, stable, twin]) => [stable, twin]);
  return [
    {
      scenario,
      metric,
      contrast: rounded(mean(triplets.map((triplet) => contrasts(triplet)[0]))),
      level: rounded(mean(stables.map(({ y }) => y))),
      twinSd: rounded(twinNoise(triplets, 1, 0.5).sd),
      blocks: blocks.length,
      stableValue: rounded(median(stables.map(({ value }) => value))),
      canaryValue: rounded(median(blocks.map(([canary]) => canary.value))),
    },
  ];
}
