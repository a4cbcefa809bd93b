/** The series of metrics out of the history database. */
import type { DatabaseSync } from 'node:sqlite';
import type { Series, SeriesName, SeriesPoint } from '../../model/run-record.ts';
import type { Decision } from '../../model/verdict.ts';
import { type Row, text, textOrNull } from './read-runs.ts';

/** What is left undefined is not asked for. */
export type SeriesFilter = { readonly [K in keyof SeriesName]?: SeriesName[K] | undefined };

/** Every series that matches, by name. */
export function seriesNames(database: DatabaseSync, filter: SeriesFilter = {}): readonly SeriesName[] {
  const rows = database
    .prepare(
      `SELECT DISTINCT run.pair, point.scenario, point.metric FROM point JOIN run ON run.number = point.run
       WHERE (:pair IS NULL OR run.pair = :pair) AND (:scenario IS NULL OR point.scenario = :scenario)
         AND (:metric IS NULL OR point.metric = :metric) AND run.kind <> 'recheck'
       ORDER BY run.pair, point.scenario, point.metric`,
    )
    .all({ pair: filter.pair ?? null, scenario: filter.scenario ?? null, metric: filter.metric ?? null });
  return rows.map(({ pair, scenario, metric }) => ({
    pair: text(pair),
    scenario: text(scenario),
    metric: text(metric),
  }));
}

/**
 * The points of a series, oldest first. Points of another form of the scenario, or of another class of hosts than the
 * newest point's, are no part of it: their numbers mean something else.
 */
export function readSeries(database: DatabaseSync, name: SeriesName): Series {
  const rows = database
    .prepare(
      `SELECT run.*, point.* FROM point JOIN run ON run.number = point.run
       WHERE point.scenario = ? AND point.metric = ? AND run.pair = ? AND run.kind <> 'recheck'
       ORDER BY run.ordered_at, run.number`,
    )
    .all(name.scenario, name.metric, name.pair);
  const newest = rows.at(-1);
  const alike = rows.filter(
    (row) => row['scenario_hash'] === newest?.['scenario_hash'] && row['host_class'] === newest?.['host_class'],
  );
  return { ...name, points: alike.map(pointOf) };
}

function pointOf(row: Row): SeriesPoint {
  return {
    run: Number(row['number']),
    runId: text(row['id']),
    startedAt: text(row['started_at']),
    stable: text(row['stable']),
    canary: text(row['canary']),
    git: textOrNull(row['git']),
    decision: text(row['decision']) as Decision,
    scenario: text(row['scenario']),
    metric: text(row['metric']),
    contrast: Number(row['contrast']),
    level: Number(row['level']),
    twinSd: Number(row['twin_sd']),
    blocks: Number(row['blocks']),
    stableValue: Number(row['stable_value']),
    canaryValue: Number(row['canary_value']),
  };
}
