/** Trend alarms in the history database: raised by a nightly, acknowledged by people. */
import type { DatabaseSync } from 'node:sqlite';
import type { SeriesName } from '../../model/run-record.ts';
import {
  type AlarmState,
  type Drift,
  type RaisedAlarm,
  type StoredAlarm,
  isStanding,
} from '../../model/trend-alarm.ts';
import { type Row, text } from './read-runs.ts';

export function writeAlarm(database: DatabaseSync, alarm: RaisedAlarm): number {
  const { run, pair, scenario, metric, drift, state, since, evidence, threshold, shift } = alarm;
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO alarm (run, pair, scenario, metric, drift, state, since, evidence, threshold, shift)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(run, pair, scenario, metric, drift, state, since, evidence, threshold, shift);
  return Number(lastInsertRowid);
}

/** Oldest first; all of them, or those of one series. */
export function readAlarms(database: DatabaseSync, series?: SeriesName): readonly StoredAlarm[] {
  const rows =
    series === undefined
      ? database.prepare('SELECT * FROM alarm ORDER BY id').all()
      : database
          .prepare('SELECT * FROM alarm WHERE pair = ? AND scenario = ? AND metric = ? ORDER BY id')
          .all(series.pair, series.scenario, series.metric);
  return rows.map(alarmOf);
}

/** Those that nobody has answered yet. */
export function standingAlarms(database: DatabaseSync): readonly StoredAlarm[] {
  return readAlarms(database).filter(isStanding);
}

/** The series of the alarm begins a new segment after its newest point; false when there is no such alarm. */
export function acknowledge(database: DatabaseSync, id: number, note: string): boolean {
  const { changes } = database
    .prepare(
      `UPDATE alarm SET note = ?, acknowledged_after = (
         SELECT run.number FROM point JOIN run ON run.number = point.run
         WHERE point.scenario = alarm.scenario AND point.metric = alarm.metric AND run.pair = alarm.pair
           AND run.kind <> 'recheck'
         ORDER BY run.ordered_at DESC, run.number DESC LIMIT 1)
       WHERE id = ?`,
    )
    .run(note, id);
  return changes === 1;
}

function alarmOf(row: Row): StoredAlarm {
  const after = row['acknowledged_after'];
  return {
    id: Number(row['id']),
    run: Number(row['run']),
    pair: text(row['pair']),
    scenario: text(row['scenario']),
    metric: text(row['metric']),
    drift: text(row['drift']) as Drift,
    state: text(row['state']) as AlarmState,
    since: Number(row['since']),
    evidence: Number(row['evidence']),
    threshold: Number(row['threshold']),
    shift: Number(row['shift']),
    acknowledged: typeof after === 'number' ? { afterRun: after, note: text(row['note']) } : null,
  };
}
