/** Runs out of the history database. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Arm } from '../../model/plan.ts';
import type { FindingHead, MetricValue, RunHead, RunKind, TrialHead } from '../../model/run-record.ts';
import type { Decision } from '../../model/verdict.ts';

export type Row = Record<string, SQLOutputValue>;

export interface StoredRun extends RunHead {
  readonly number: number;
}

export interface WholeRun extends StoredRun {
  readonly trials: readonly TrialHead[];
  readonly values: readonly MetricValue[];
  readonly findings: readonly FindingHead[];
}

/** The newest first. */
export function listRuns(database: DatabaseSync, limit: number, skip = 0): readonly StoredRun[] {
  const rows = database
    .prepare('SELECT * FROM run ORDER BY ordered_at DESC, number DESC LIMIT ? OFFSET ?')
    .all(limit, skip);
  return rows.map(headOf);
}

export function countRuns(database: DatabaseSync): number {
  return Number(database.prepare('SELECT count(*) AS runs FROM run').get()?.['runs']);
}

/** The newest run of each pair, without those that only looked again. */
export function newestRuns(database: DatabaseSync): readonly StoredRun[] {
  const rows = database
    .prepare(
      `SELECT *, max(ordered_at || printf('%012d', number)) FROM run WHERE kind <> 'recheck' GROUP BY pair ORDER BY pair`,
    )
    .all();
  return rows.map(headOf);
}

/** By its id or its number; `latest` is the newest. */
export function readRun(database: DatabaseSync, name: string): WholeRun | undefined {
  const row =
    name === 'latest'
      ? database.prepare('SELECT * FROM run ORDER BY ordered_at DESC, number DESC LIMIT 1').get()
      : database.prepare('SELECT * FROM run WHERE id = ? OR CAST(number AS TEXT) = ?').get(name, name);
  if (row === undefined) return undefined;
  const head = headOf(row);
  const of = (table: string): Row[] => database.prepare(`SELECT * FROM ${table} WHERE run = ?`).all(head.number);
  return {
    ...head,
    trials: of('trial').map(trialOf),
    values: of('metric_value').map(valueOf),
    findings: of('finding').map(findingOf),
  };
}

/** Ids of all runs, for a hint at the one that was probably meant. */
export function runIds(database: DatabaseSync): readonly string[] {
  return database
    .prepare('SELECT id FROM run')
    .all()
    .map(({ id }) => text(id));
}

/** The runs of one nightly session, in the order in which they were written. */
export function runsOfNight(database: DatabaseSync, night: string): readonly StoredRun[] {
  return database.prepare('SELECT * FROM run WHERE night = ? ORDER BY number').all(night).map(headOf);
}

function headOf(row: Row): StoredRun {
  return {
    number: Number(row['number']),
    id: text(row['id']),
    kind: text(row['kind']) as RunKind,
    night: textOrNull(row['night']),
    pair: text(row['pair']),
    stable: text(row['stable']),
    canary: text(row['canary']),
    startedAt: text(row['started_at']),
    decision: text(row['decision']) as Decision,
    because: text(row['because']),
    planHash: text(row['plan_hash']),
    seed: Number(row['seed']),
    git: textOrNull(row['git']),
    hostClass: text(row['host_class']),
    node: text(row['node']),
    etcd: text(row['etcd']),
    folder: text(row['folder']),
  };
}

function trialOf(row: Row): TrialHead {
  return {
    scenario: text(row['scenario']),
    block: Number(row['block']),
    arm: text(row['arm']) as Arm,
    state: text(row['state']) as TrialHead['state'],
    reason: textOrNull(row['reason']),
  };
}

function valueOf(row: Row): MetricValue {
  return {
    scenario: text(row['scenario']),
    metric: text(row['metric']),
    block: Number(row['block']),
    arm: text(row['arm']) as Arm,
    y: Number(row['y']),
    value: Number(row['value']),
    censored: row['censored'] === 1,
  };
}

function findingOf(row: Row): FindingHead {
  const { low, high, estimate, p_value: pValue } = row;
  return {
    scenario: text(row['scenario']),
    subject: text(row['subject']),
    decision: text(row['decision']) as Decision,
    because: text(row['because']),
    estimate: numberOrNull(estimate),
    interval: typeof low === 'number' && typeof high === 'number' ? { low, high } : null,
    pValue: numberOrNull(pValue),
  };
}

/** The tables are strict: a column holds what it was declared for. */
export function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function textOrNull(value: SQLOutputValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
