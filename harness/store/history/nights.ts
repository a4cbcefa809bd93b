/** Nightly sessions in the history database: which is under way, so that one that was killed goes on where it was. */
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './open-history.ts';
import { text } from './read-runs.ts';

export interface Night {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
}

/** The newest session of this question, if it has not ended. */
export function unfinishedNight(database: DatabaseSync, question: string): Night | undefined {
  const row = database
    .prepare('SELECT id, started_at, question, ended_at FROM night ORDER BY rowid DESC LIMIT 1')
    .get();
  if (row === undefined || row['ended_at'] !== null || row['question'] !== question) return undefined;
  return { id: text(row['id']), startedAt: text(row['started_at']) };
}

export function beginNight(database: DatabaseSync, night: Night, question: string): void {
  inTransaction(database, () => {
    database
      .prepare('INSERT INTO night (id, started_at, question) VALUES (?, ?, ?)')
      .run(night.id, night.startedAt, question);
  });
}

export function endNight(database: DatabaseSync, id: string, endedAt: string): void {
  database.prepare('UPDATE night SET ended_at = ? WHERE id = ?').run(endedAt, id);
}
