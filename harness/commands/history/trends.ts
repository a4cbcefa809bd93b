/** The series of a history with their trends, as `history trend` shows and `nightly` acts on them. */
import type { DatabaseSync } from 'node:sqlite';
import { type Trend, environmentTrend, segmentOf, thresholdFor, versionTrend } from '../../judge/trend/trend.ts';
import type { Series } from '../../model/run-record.ts';
import type { StoredAlarm } from '../../model/trend-alarm.ts';
import { readAlarms } from '../../store/history/alarms.ts';
import { type SeriesFilter, readSeries, seriesNames } from '../../store/history/read-series.ts';

/** Once a year and installation, when nights are nightly. */
export const usualNightsBetweenAlarms = 365;

export interface Watched {
  readonly series: Series;
  readonly alarms: readonly StoredAlarm[];
  readonly threshold: number;
  readonly trends: readonly [version: Trend, environment: Trend];
}

/** The threshold is shared by all series of the history, also by those that the filter leaves out. */
export function watched(
  database: DatabaseSync,
  nightsBetweenAlarms: number,
  filter: SeriesFilter = {},
): readonly Watched[] {
  const threshold = thresholdFor(nightsBetweenAlarms, seriesNames(database).length);
  return seriesNames(database, filter).map((name) => {
    const series = readSeries(database, name);
    const alarms = readAlarms(database, name);
    const { points } = series;
    return {
      series,
      alarms,
      threshold,
      trends: [
        versionTrend(points, threshold, segmentOf(points, alarms, 'version')),
        environmentTrend(points, threshold, segmentOf(points, alarms, 'environment')),
      ],
    };
  });
}
