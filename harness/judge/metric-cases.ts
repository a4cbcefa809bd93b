/** Measures the metrics of one scenario and tests them at every look that was reached. Decides nothing yet. */
import type { Expectation } from '../../scenarios/scenario.ts';
import { arms, type Arm, type Look, type ScenarioPlan } from '../model/plan.ts';
import type { TrialValue } from '../model/verdict.ts';
import type { Block } from './blocks.ts';
import { reachedLooks, spent } from './looks.ts';
import { measure } from './metrics/index.ts';
import type { Measured } from './metrics/metric.ts';
import { rounded } from './round.ts';
import { scaleOf, type Scales } from './scales.ts';
import { contrastOverTrial, contrasts, type Triplet } from './statistics/contrast.ts';
import { maxT, type Series } from './statistics/max-t.ts';
import { tInterval, type TInterval } from './statistics/t-interval.ts';

export type NoWorse = Extract<Expectation, { readonly kind: 'no-worse' }>;

interface MeasuredBlock {
  readonly block: number;
  readonly arms: Readonly<Record<Arm, Measured>>;
}

/** One metric at one look. */
export interface AtLook {
  readonly look: Look;
  /** Adjusted for the metrics of the scenario and for the looks; not yet for the scenarios. May be above 1. */
  readonly p: number;
  /** Of the contrast canary − mean(stable, twin), in natural logarithms, at the look's alpha. */
  readonly interval: TInterval;
  readonly blocks: readonly Triplet[];
  /** Blocks whose canary value is only a lower bound. */
  readonly censored: readonly number[];
}

export interface MetricCase {
  readonly expectation: NoWorse;
  /** Standard deviation of a trial when nothing differs. */
  readonly trialSd: number;
  readonly values: readonly TrialValue[];
  /** The looks at which every trial had a value; a look that lacks one is left out. */
  readonly looks: readonly AtLook[];
  /** What is missing in the blocks of the last reached look. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly block: number;
  readonly arm: Arm;
  readonly cause: 'no-power' | 'no-data';
  readonly why: string;
}

/** Metrics use the first blocks of the last reached look only: what came after it is not peeked at. */
export function metricCases(plan: ScenarioPlan, valid: readonly Block[], scales: Scales): readonly MetricCase[] {
  const expectations = plan.scenario.expectations.filter((e): e is NoWorse => e.kind === 'no-worse');
  const measured = expectations.map((e) => valid.map((block) => measureBlock(e, block)));
  const looks = reachedLooks(plan, valid.length);
  const scale = ({ metric }: NoWorse): number => scaleOf(scales, plan.scenario.name, metric);
  const tests = looks.map((look) => test(expectations, measured, look, scale));
  return expectations.map((expectation, k) => {
    const blocks = measured[k] ?? [];
    return {
      expectation,
      trialSd: scale(expectation),
      values: blocks.flatMap(valuesOf),
      looks: tests.flatMap((atLook) => atLook.get(k) ?? []),
      missing: blocks.slice(0, looks.at(-1)?.blocks ?? 0).flatMap(missingOf),
    };
  });
}

/** Tests all metrics that have every value of this look together; the others cannot be part of the family. */
function test(
  expectations: readonly NoWorse[],
  measured: readonly (readonly MeasuredBlock[])[],
  look: Look,
  scale: (expectation: NoWorse) => number,
): ReadonlyMap<number, AtLook> {
  const family = expectations.flatMap((expectation, k) => {
    const used = (measured[k] ?? []).slice(0, look.blocks);
    const triplets = used.flatMap((block) => tripletOf(block) ?? []);
    return triplets.length < look.blocks ? [] : [{ expectation, k, used, triplets }];
  });
  if (family.length === 0) return new Map();
  const p = maxT(family.map(({ expectation, triplets }) => seriesOf(expectation, triplets, scale(expectation))));
  return new Map(
    family.map(({ k, used, triplets }, i) => [
      k,
      {
        look,
        p: spent(p[i] ?? 1, look),
        interval: tInterval(
          triplets.map((triplet) => contrasts(triplet)[0]),
          look.alpha,
        ),
        blocks: triplets,
        censored: used
          .filter(({ arms: { canary } }) => canary.state === 'measured' && canary.censored)
          .map((b) => b.block),
      },
    ]),
  );
}

function seriesOf({ minimumEffect }: NoWorse, blocks: readonly Triplet[], trialSd: number): Series {
  return { blocks, scale: trialSd * contrastOverTrial, minimumEffect: Math.log1p(minimumEffect) };
}

function measureBlock({ metric }: NoWorse, { block, trials }: Block): MeasuredBlock {
  const { stable, twin, canary } = trials;
  return {
    block,
    arms: { stable: measure(metric, stable), twin: measure(metric, twin), canary: measure(metric, canary) },
  };
}

function tripletOf({ arms: { canary, stable, twin } }: MeasuredBlock): readonly Triplet[] | undefined {
  if (canary.state === 'missing' || stable.state === 'missing' || twin.state === 'missing') return undefined;
  return [[canary.y, stable.y, twin.y]];
}

function valuesOf(block: MeasuredBlock): readonly TrialValue[] {
  return arms.map((arm) => {
    const m = block.arms[arm];
    return { block: block.block, arm, value: m.state === 'measured' ? rounded(m.value) : null };
  });
}

function missingOf(block: MeasuredBlock): readonly Missing[] {
  return arms.flatMap((arm) => {
    const m = block.arms[arm];
    return m.state === 'missing' ? [{ block: block.block, arm, cause: m.cause, why: m.why }] : [];
  });
}
