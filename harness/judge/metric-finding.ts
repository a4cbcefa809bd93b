/** Decides one metric: proven worse, proven within tolerance, or neither (canary-analysis rule in three outcomes). */
import type { Decision, Finding } from '../model/verdict.ts';
import type { Judged, Setting } from './finding.ts';
import { firstLook, sessionAlpha } from './looks.ts';
import type { AtLook, MetricCase, Missing } from './metric-cases.ts';
import * as say from './metric-sentences.ts';
import { metrics } from './metrics/index.ts';
import { noiseOf } from './noise-guard.ts';
import { rounded } from './round.ts';
import { adjusted } from './statistics/holm.ts';
import { steadyEvidence } from './streams/steady-blocks.ts';
import { wantedBlocks } from './wanted-blocks.ts';

/**
 * - regression: the p value, adjusted for metrics, looks and scenarios, is at most `sessionAlpha` at some reached look,
 *   and the estimate there is at least the minimum effect. A noisy host can void it, see noise-guard.ts.
 * - safe: at the last reached look the upper bound lies inside the tolerance, and no canary value is only a bound.
 * - invalid: a trial has no usable record of the metric. inconclusive: anything else.
 */
export function metricFinding(setting: Setting, metric: MetricCase): Judged {
  const last = metric.looks.at(-1);
  const failed = metric.looks.find((at) => fails(setting, metric, at));
  if (failed !== undefined) return failure(setting, metric, failed);
  const first = firstLook(setting.plan).blocks;
  const missingBlocks = first - setting.blocks.valid.length;
  if (missingBlocks > 0)
    return judged(setting, metric, undefined, 'inconclusive', say.tooFewBlocks(setting, metric, first), missingBlocks);
  const [gap] = metric.missing;
  if (gap !== undefined || last === undefined) return incomplete(setting, metric, gap);
  const limit = Math.log1p(metric.expectation.tolerance);
  if (last.interval.high < limit && last.censored.length === 0)
    return judged(setting, metric, last, 'safe', say.withinTolerance(metric, last), null);
  if (last.censored.length > 0)
    return judged(setting, metric, last, 'inconclusive', say.censored(setting, metric, last), null);
  const wanted = wantedBlocks(setting, metric, last);
  return judged(setting, metric, last, 'inconclusive', say.undecided(setting, metric, last, wanted), wanted);
}

function fails(setting: Setting, { expectation }: MetricCase, at: AtLook): boolean {
  return adjusted(setting.holm, at.p) <= sessionAlpha && at.interval.mean >= Math.log1p(expectation.minimumEffect);
}

function failure(setting: Setting, metric: MetricCase, at: AtLook): Judged {
  const noise = noiseOf(metric, at);
  return noise.voids
    ? judged(setting, metric, at, 'invalid', say.noisyHost(setting, metric, at, noise), null)
    : judged(setting, metric, at, 'regression', say.worse(setting, metric, at), null);
}

function incomplete(setting: Setting, metric: MetricCase, gap: Missing | undefined): Judged {
  const decision = gap?.cause === 'no-power' ? 'inconclusive' : 'invalid';
  return judged(setting, metric, undefined, decision, say.missing(setting, metric), null);
}

function judged(
  setting: Setting,
  metricCase: MetricCase,
  at: AtLook | undefined,
  decision: Decision,
  because: string,
  blocksNeeded: number | null,
): Judged {
  const { expectation, values } = metricCase;
  const { metric, tolerance, minimumEffect } = expectation;
  const finding: Finding = {
    scenario: setting.plan.scenario.name,
    expectation,
    subject: metric,
    decision,
    because,
    ...(at === undefined ? {} : numbers(setting, at)),
    tolerance,
    minimumEffect,
    ...(at === undefined ? {} : steady(setting, metricCase, at)),
    values,
    evidence: setting.blocks.valid.map(({ trials: { canary } }) => ({
      file: `${canary.folder}/${metrics[metric].record}`,
      text: `${metric} of the canary in block ${canary.block}`,
    })),
  };
  return { finding, blocksNeeded };
}

/** A trial in which nothing is broken is a block of a steady state, its arms in random order. The twin is no second pair. */
function steady(
  { plan: { scenario } }: Setting,
  { expectation, trialSd }: MetricCase,
  { blocks }: AtLook,
): Pick<Finding, 'eValue'> {
  if (scenario.timeline.length > 0) return {};
  const differences = blocks.map(([canary, stable]) => canary - stable - Math.log1p(expectation.minimumEffect));
  return { eValue: rounded(steadyEvidence(differences, trialSd * Math.SQRT2)) };
}

/** The interval's two sides together have confidence 1 − 2·alpha; its upper side is the bound that a pass needs. */
function numbers(
  setting: Setting,
  { interval, look, p }: AtLook,
): Pick<Finding, 'estimate' | 'interval' | 'confidence' | 'pValue'> {
  return {
    estimate: rounded(Math.exp(interval.mean)),
    interval: { low: rounded(Math.exp(interval.low)), high: rounded(Math.exp(interval.high)) },
    confidence: rounded(1 - 2 * look.alpha),
    pValue: rounded(adjusted(setting.holm, p)),
  };
}
