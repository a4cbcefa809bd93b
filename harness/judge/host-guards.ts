/** Whether the host let a trial be an experiment: nobody set the clock, and the processor time was its own. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { History } from '../model/history.ts';
import { samples } from '../model/samples.ts';
import { startOf } from './history.ts';
import { growth, sampled, type Point, type Span } from './sampled.ts';
import { percent, short } from './words.ts';

/**
 * Leases, time-outs and logs of the programs under test go by the wall clock. A clock that is only slowed or sped up
 * moves it by far less between two samples.
 */
export const clockStepMs = 250;
/** Shares of the trial's time that others may take from it where anything is timed. */
export const stolenShare = 0.1;
export const throttledShare = 0.1;

/** Reasons; empty when nothing is wrong or nothing was sampled: hosts without /proc tell none of this. */
export function hostReasons(history: History, scenario: Scenario): readonly string[] {
  const step = largestStep(sampled(history, samples.clockOffset));
  const stepped = step > clockStepMs ? [`clock: it was set by ${short(step)} ms during the trial`] : [];
  return scenario.arms === 'in-turn' ? [...stepped, ...takenAway(history)] : stepped;
}

function takenAway(history: History): readonly string[] {
  const time = sampled(history, samples.hostTime);
  const span = spanFromBaseline(history, time);
  if (span === undefined) return [];
  const all = growth(time, span) ?? 0;
  const stolen = growth(sampled(history, samples.hostStolen), span) ?? 0;
  const throttled = growth(sampled(history, samples.hostThrottled), span) ?? 0;
  const lengthSeconds = (span.toMs - span.fromMs) / 1_000;
  return [
    ...(stolen > stolenShare * all
      ? [`host: ${percent(stolen / all)} of its processor time went to other machines (steal)`]
      : []),
    ...(throttled > throttledShare * lengthSeconds
      ? [`host: the limit of the control group held it up for ${short(throttled)} of ${short(lengthSeconds)} s`]
      : []),
  ];
}

/** From the first sample since the baseline to the last; undefined without two. */
function spanFromBaseline(history: History, points: readonly Point[]): Span | undefined {
  const baseline = startOf(history, 'baseline') ?? Infinity;
  const first = points.find(({ atMs }) => atMs >= baseline);
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  return { fromMs: first.atMs, toMs: last.atMs };
}

function largestStep(offsets: readonly Point[]): number {
  return offsets.reduce((most, { value }, i) => Math.max(most, Math.abs(value - (offsets[i - 1]?.value ?? value))), 0);
}
