/** How trends and alarms read. */
import type { Series, SeriesName, SeriesPoint } from '../model/run-record.ts';
import { seriesWords } from '../model/run-record.ts';
import { type Drift, type RaisedAlarm, type StoredAlarm, isStanding } from '../model/trend-alarm.ts';
import { plain } from './plain.ts';
import { change, plural } from './words.ts';

/** What a trend is to its reader; the judge's own has more. */
export interface ShownTrend {
  readonly drift: Drift;
  readonly evidence: readonly (number | null)[];
  readonly alarm: { readonly since: number; readonly shift: number } | undefined;
}

export interface ShownSeries {
  readonly series: Series;
  readonly alarms: readonly StoredAlarm[];
  readonly threshold: number;
  readonly trends: readonly ShownTrend[];
}

/** A series with an alarm that stands. */
export function rings({ alarms }: ShownSeries): boolean {
  return alarms.some(isStanding);
}

const bars = '▁▂▃▄▅▆▇█';
/** Nights that fit a line. */
const shownNights = 40;

/** With a line of bars each for the ratio and for stable, where nothing else can be drawn. */
export function trendLines(shown: ShownSeries): readonly string[] {
  const { points } = shown.series;
  const [head = '', ...words] = trendWords(shown);
  return [
    head,
    `  ratio   ${spark(points.map(({ contrast }) => contrast))}`,
    `  stable  ${spark(points.map(({ level }) => level))}`,
    ...words,
  ];
}

/** A line for the series, one for each of its drifts, and one for each alarm that nobody has answered. */
export function trendWords({ series, alarms, threshold, trends }: ShownSeries): readonly string[] {
  const { points } = series;
  const last = points.at(-1);
  const now = last === undefined ? '' : `, canary ${ratioWords(Math.exp(last.contrast))} stable`;
  const head = `${plain(seriesWords(series))}: ${plural(points.length, 'night')}${now}`;
  return [
    head,
    ...trends.map((trend) => `  ${trendLine(trend, points, threshold)}`),
    ...alarms.filter(({ acknowledged }) => acknowledged === null).map(alarmLine),
  ];
}

function alarmLine(alarm: StoredAlarm): string {
  const answer = isStanding(alarm) ? `: gatecrash history acknowledge ${alarm.id} accepts it as the new normal` : '';
  return `  alarm ${alarm.id} (${alarm.state})${answer}`;
}

function trendLine({ drift, evidence, alarm }: ShownTrend, points: readonly SeriesPoint[], threshold: number): string {
  const now = evidence.at(-1);
  if (alarm !== undefined) {
    const since = points[alarm.since];
    return `${driftWords[drift]} ${movedWords(alarm.shift)} since ${since?.startedAt.slice(0, 10) ?? 'an unknown night'}${commits(points, alarm.since)}`;
  }
  const said = now === undefined || now === null ? 'still learning what is normal' : `no drift of ${driftOf[drift]}`;
  const value = typeof now === 'number' ? ` (evidence ${Number(now.toPrecision(2))} of ${threshold})` : '';
  return `${said}${value}`;
}

const driftOf: Readonly<Record<Drift, string>> = { version: 'the canary', environment: 'stable' };
const driftWords: Readonly<Record<Drift, string>> = {
  version: 'the canary drifted',
  environment: 'stable itself drifted (the environment has changed)',
};

/** A shift on the scale of y; far away percents say nothing any more. */
function movedWords(shift: number): string {
  const ratio = Math.exp(shift);
  return ratio < 10 ? `by ${change(ratio)}` : `to ${ratioWords(ratio)}`;
}

function ratioWords(ratio: number): string {
  return `${Number(ratio.toPrecision(3))} times`;
}

/** The commits between which the change lies. */
function commits(points: readonly SeriesPoint[], since: number): string {
  const [before, after] = [points[since - 1]?.git, points[since]?.git];
  if (after === undefined || after === null) return '';
  return before === undefined || before === null || before === after
    ? ` at ${after}`
    : `, between ${before} and ${after}`;
}

/** An alarm as a sentence of the night's summary. */
export function alarmWords(alarm: RaisedAlarm, series: Series, id: number): string {
  const since = series.points.findIndex(({ run }) => run === alarm.since);
  const when = series.points[since]?.startedAt.slice(0, 10) ?? 'an unknown night';
  const nights = plural(Math.max(1, series.points.length - Math.max(0, since)), 'night');
  const how = `${driftWords[alarm.drift]} ${movedWords(alarm.shift)} since ${when} (${nights})`;
  const seen = { confirmed: 'seen again in further blocks', unchecked: 'not looked at again', 'went-away': 'gone in further blocks' }[alarm.state]; // prettier-ignore
  return `${nameWords(alarm)}: ${how}${commits(series.points, since)}; ${seen}; alarm ${id}`;
}

function nameWords(name: SeriesName): string {
  return plain(seriesWords(name));
}

/** A line of bars between the smallest and the largest of the last values. */
function spark(values: readonly number[]): string {
  const shown = values.slice(-shownNights);
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  const bar = (value: number): string =>
    bars[span > 0 ? Math.round(((value - low) / span) * (bars.length - 1)) : 0] ?? '';
  return shown.map(bar).join('');
}
