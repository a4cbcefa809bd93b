/** The sentence of each outcome of a metric, for a tired reader. */
import type { Setting } from './finding.ts';
import type { AtLook, MetricCase } from './metric-cases.ts';
import { metrics } from './metrics/index.ts';
import type { Noise } from './noise-guard.ts';
import { adjusted } from './statistics/holm.ts';
import { mostBlocks } from './statistics/max-t.ts';
import { decidingBlocks } from './wanted-blocks.ts';
import { medians, percent, plural, short } from './words.ts';

export function worse(setting: Setting, metric: MetricCase, at: AtLook): string {
  const { minimumEffect } = metric.expectation;
  const p = short(adjusted(setting.holm, at.p));
  return (
    `canary ${setting.canary} is worse in ${setting.plan.scenario.name}: ${seen(metric, at)}; that it is more than ` +
    `${times(1 + minimumEffect)} is proven over ${plural(at.look.blocks, 'block')} (p = ${p})`
  );
}

export function withinTolerance(metric: MetricCase, at: AtLook): string {
  return `${seen(metric, at)}; ${bound(metric, at)}`;
}

export function undecided(setting: Setting, metric: MetricCase, at: AtLook, wanted: number | null): string {
  const then = wanted === null ? otherwise(setting, metric, at) : `${plural(wanted, 'more block')} may decide it`;
  return `cannot tell yet in ${setting.plan.scenario.name}: ${seen(metric, at)}; ${bound(metric, at)}; ${then}`;
}

/** What a new check would need. */
function otherwise(setting: Setting, metric: MetricCase, at: AtLook): string {
  const blocks = decidingBlocks(setting, metric, at);
  return blocks === undefined
    ? `not even ${mostBlocks} blocks would likely decide it: run it on a quieter host, or widen its tolerance`
    : `${plural(blocks, 'block')} would likely decide it: run it again with --blocks ${blocks}`;
}

export function noisyHost(setting: Setting, metric: MetricCase, at: AtLook, noise: Noise): string {
  return (
    `noisy host in ${setting.plan.scenario.name}: ${seen(metric, at)}, but the two stable arms differ among themselves ` +
    `${short(Math.sqrt(noise.ratio))} times as much as on a calm host (limit ${short(Math.sqrt(noise.limit))}), ` +
    'and the effect is not clear of that; run again on a quiet host'
  );
}

export function censored(setting: Setting, metric: MetricCase, at: AtLook): string {
  const means = metrics[metric.expectation.metric].censoredMeans ?? 'the value is only a lower bound';
  const where = plural(at.censored.length, 'block');
  return `cannot tell in ${setting.plan.scenario.name}: ${seen(metric, at)}; in ${where} ${means}`;
}

export function tooFewBlocks(setting: Setting, metric: MetricCase, first: number): string {
  return (
    `${metrics[metric.expectation.metric].noun}: ${setting.blocks.valid.length} of the ${plural(first, 'block')} ` +
    'that the first look needs'
  );
}

export function missing(setting: Setting, { expectation, missing: gaps }: MetricCase): string {
  const noun = metrics[expectation.metric].noun;
  const [gap] = gaps;
  if (gap === undefined) return `${noun} was not measured in ${setting.plan.scenario.name}`;
  const more = gaps.length === 1 ? '' : `, and ${plural(gaps.length - 1, 'more trial')} like it`;
  return (
    `${noun} cannot be told in ${setting.plan.scenario.name}: ${gap.why} ` +
    `(${gap.cause === 'no-power' ? 'no power' : 'no data'}: ${gap.arm}, block ${gap.block}${more})`
  );
}

function seen({ expectation, values }: MetricCase, at: AtLook): string {
  const { noun, unit } = metrics[expectation.metric];
  return `${noun} is ${times(Math.exp(at.interval.mean))} stable's (${medians(values, unit)})`;
}

function bound({ expectation }: MetricCase, { interval, look }: AtLook): string {
  return (
    `with ${percent(1 - look.alpha)} confidence it is at most ${times(Math.exp(interval.high))}, ` +
    `tolerated are ${times(1 + expectation.tolerance)}`
  );
}

function times(ratio: number): string {
  return `${short(ratio)} times`;
}
