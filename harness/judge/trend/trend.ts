/** The trend of one series: the evidence for a drift after each night, and where the drift began. Pure. */
import { mean } from 'simple-statistics';
import type { MetricPoint, SeriesPoint } from '../../model/run-record.ts';
import type { Drift, StoredAlarm } from '../../model/trend-alarm.ts';
import { changePoint, detect, detectBoth } from './e-detector.ts';
import { environmentScores, learningNights, versionScores } from './scores.ts';

export interface Trend {
  readonly drift: Drift;
  /** One per point; null before the present segment, and while its normal is being learnt. */
  readonly evidence: readonly (number | null)[];
  /** The first point of the present segment that reached the threshold. */
  readonly alarm: Crossing | undefined;
}

export interface Crossing {
  /** Indices into the points: where the threshold was reached, and the first point after the change. */
  readonly at: number;
  readonly since: number;
  readonly evidence: number;
  /** Mean of the points since the change less what was normal before, on the scale of y. */
  readonly shift: number;
}

/** Indices into the points of a series: what is normal for it, and from where it is watched. */
export interface Segment {
  /** The points from here to `start` were acknowledged as normal. */
  readonly since: number;
  readonly start: number;
  /** The detector begins here: at `start`, or after an alarm of which nothing was left when it was looked at again. */
  readonly from: number;
}

export const firstSegment: Segment = { since: 0, start: 0, from: 0 };

/** The segment of that drift after the alarms that the series had. */
export function segmentOf(points: readonly SeriesPoint[], alarms: readonly StoredAlarm[], drift: Drift): Segment {
  // A run that is no point of the series any more, since the scenario or the host changed, is not found: −1.
  const index = (run: number | undefined): number => points.findIndex((point) => point.run === run);
  const mine = alarms.filter((alarm) => alarm.drift === drift);
  const accepted = mine.findLast(({ acknowledged }) => acknowledged !== null);
  const start = index(accepted?.acknowledged?.afterRun) + 1;
  const gone = mine.filter(({ state }) => state === 'went-away').map(({ run }) => index(run) + 1);
  return { since: Math.min(start, Math.max(0, index(accepted?.since))), start, from: Math.max(start, ...gone) };
}

/** Whether the canary drifts away from stable, towards worse. */
export function versionTrend(
  points: readonly MetricPoint[],
  threshold: number,
  segment: Segment = firstSegment,
): Trend {
  const { since, start, from } = segment;
  const reference = points.slice(since, start);
  const scores = versionScores(points.slice(start), reference).slice(from - start);
  const evidence = detect(scores);
  const at = evidence.findIndex((value) => value >= threshold);
  const change = at === -1 ? undefined : changePoint(scores.slice(0, at + 1));
  const normal = reference.length === 0 ? 0 : mean(reference.map(({ contrast }) => contrast));
  const moved = points.slice(from + (change ?? 0), from + at + 1).map(({ contrast }) => contrast);
  return {
    drift: 'version',
    evidence: [...unseen(from), ...evidence],
    alarm:
      change === undefined
        ? undefined
        : { at: from + at, since: from + change, evidence: evidence[at] ?? 0, shift: mean(moved) - normal },
  };
}

/** Whether stable itself drifts, to either side: then it is the lab that has changed. */
export function environmentTrend(
  points: readonly MetricPoint[],
  threshold: number,
  segment: Segment = firstSegment,
): Trend {
  const { since } = segment;
  const learnt = Math.min(points.length, since + learningNights);
  const from = Math.max(learnt, Math.min(points.length, segment.from));
  const all = environmentScores(points.slice(since));
  const [up, down] = [all.up.slice(from - learnt), all.down.slice(from - learnt)];
  const evidence = detectBoth(up, down);
  const at = evidence.findIndex((value) => value >= threshold);
  const change = at === -1 ? undefined : likelierChange(up.slice(0, at + 1), down.slice(0, at + 1));
  const normal = points.slice(since, learnt).map(({ level }) => level);
  const moved = points.slice(from + (change ?? 0), from + at + 1).map(({ level }) => level);
  return {
    drift: 'environment',
    evidence: [...unseen(from), ...evidence],
    alarm:
      change === undefined
        ? undefined
        : { at: from + at, since: from + change, evidence: evidence[at] ?? 0, shift: mean(moved) - mean(normal) },
  };
}

/** The change to the side that moved further. */
function likelierChange(up: readonly number[], down: readonly number[]): number | undefined {
  const [a, b] = [tailOf(up), tailOf(down)];
  return a.sum >= b.sum ? a.change : b.change;
}

interface Tail {
  readonly change: number | undefined;
  /** Of the scores since the change. */
  readonly sum: number;
}

function tailOf(scores: readonly number[]): Tail {
  const change = changePoint(scores);
  return { change, sum: change === undefined ? 0 : scores.slice(change).reduce((a, b) => a + b, 0) };
}

function unseen(count: number): readonly null[] {
  return Array.from({ length: count }, () => null);
}

/**
 * The threshold for so many nights between two false alarms of all series together: each series alone has a mean time
 * to a false alarm of at least the threshold, and each is watched for both drifts.
 */
export function thresholdFor(nightsBetweenAlarms: number, series: number): number {
  return nightsBetweenAlarms * Math.max(1, series) * 2;
}

/** Whether blocks of the same night show the change again: at least half of it. */
export function seenAgain(
  { since, at, shift }: Crossing,
  points: readonly MetricPoint[],
  again: MetricPoint,
  drift: Drift,
): boolean {
  const of = (point: MetricPoint): number => (drift === 'version' ? point.contrast : point.level);
  const normal = mean(points.slice(since, at + 1).map(of)) - shift;
  return (of(again) - normal) / shift >= 0.5;
}
