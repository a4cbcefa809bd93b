/** Writes one run into the history database: all of it or nothing. */
import type { DatabaseSync } from 'node:sqlite';
import type { RunRecord } from '../../model/run-record.ts';
import { inTransaction } from './open-history.ts';

/** `now`: it has just ended, and comes after all others even when the clock has stepped back. `then`: by its own time. */
export type Placed = 'now' | 'then';

/** The run's number; undefined when it is there already, which then stays as it is. */
export function writeRun(database: DatabaseSync, record: RunRecord, placed: Placed): number | undefined {
  return inTransaction(database, () => {
    if (database.prepare('SELECT 1 FROM run WHERE id = ?').get(record.id) !== undefined) return undefined;
    const last = database.prepare('SELECT max(ordered_at) AS at FROM run').get()?.['at'];
    const later = placed === 'now' && typeof last === 'string' && last > record.startedAt;
    const run = writeHead(database, record, later ? last : record.startedAt);
    writeTrials(database, run, record);
    writeFindings(database, run, record);
    writePoints(database, run, record);
    return run;
  });
}

function writeHead(database: DatabaseSync, record: RunRecord, orderedAt: string): number {
  const { id, kind, night, pair, stable, canary, startedAt, decision, because } = record;
  const { planHash, seed, git, hostClass, node, etcd, folder } = record;
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO run (id, kind, night, pair, stable, canary, started_at, ordered_at, decision, because,
        plan_hash, seed, git, host_class, node, etcd, folder)
       VALUES (${'?, '.repeat(16)}?)`,
    )
    .run(
      id,
      kind,
      night,
      pair,
      stable,
      canary,
      startedAt,
      orderedAt,
      decision,
      because,
      planHash,
      seed,
      git,
      hostClass,
      node,
      etcd,
      folder,
    );
  return Number(lastInsertRowid);
}

function writeTrials(database: DatabaseSync, run: number, { trials, values }: RunRecord): void {
  const trial = database.prepare('INSERT INTO trial VALUES (?, ?, ?, ?, ?, ?)');
  for (const { scenario, block, arm, state, reason } of trials) trial.run(run, scenario, block, arm, state, reason);
  const value = database.prepare('INSERT INTO metric_value VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { scenario, metric, block, arm, y, value: shown, censored } of values)
    value.run(run, scenario, metric, block, arm, y, shown, Number(censored));
}

function writeFindings(database: DatabaseSync, run: number, { findings }: RunRecord): void {
  const finding = database.prepare('INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { scenario, subject, decision, because, estimate, interval, pValue } of findings)
    finding.run(
      run,
      scenario,
      subject,
      decision,
      because,
      estimate,
      interval?.low ?? null,
      interval?.high ?? null,
      pValue,
    );
}

function writePoints(database: DatabaseSync, run: number, { points, scenarioHashes }: RunRecord): void {
  const point = database.prepare('INSERT INTO point VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { scenario, metric, contrast, level, twinSd, blocks, stableValue, canaryValue } of points)
    point.run(
      scenario,
      metric,
      run,
      scenarioHashes[scenario] ?? '',
      contrast,
      level,
      twinSd,
      blocks,
      stableValue,
      canaryValue,
    );
}
