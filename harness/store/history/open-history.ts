/** Opens the history database: one SQLite file. What it cannot read it never writes to. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HarnessError } from '../../model/errors.ts';
import { migrations } from './migrations.ts';
import { told } from './sqlite-errors.ts';

/** `Gate` in ASCII: SQLite's mark for whose file this is. */
const applicationId = 0x47617465;
/** Another process may be writing a run, which takes milliseconds. */
const busyTimeoutMs = 10_000;

/**
 * Creates the file when it is not there, and brings an older one to the present form.
 * @throws HarnessError HISTORY_NEWER, HISTORY_UNREADABLE or HISTORY_NOT_WRITTEN. The file is then left as it is.
 */
export function openHistory(file: string): DatabaseSync {
  try {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    try {
      check(database, file);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw told(error, file);
  }
}

/** Nothing of a foreign file may change, not even its journal mode: so it is asked first. */
function check(database: DatabaseSync, file: string): void {
  const number = (pragma: string): number => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0]);
  const version = number('user_version');
  const tables = Number(database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count']);
  if (tables > 0 && number('application_id') !== applicationId) {
    throw new HarnessError('HISTORY_UNREADABLE', `${file} is a database of another program`, {
      hint: 'name another file with --history',
    });
  }
  if (version > migrations.length) {
    throw new HarnessError(
      'HISTORY_NEWER',
      `${file} has version ${version}, this program writes version ${migrations.length}`,
      { hint: 'use the version of gatecrash that wrote it, or name another file with --history; it was left as it is' },
    );
  }
}

function migrate(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  const version = (): number => Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() === migrations.length) return;
  inTransaction(database, () => {
    // Another process may have been quicker.
    for (const step of migrations.slice(version())) database.exec(step);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
  });
}

/** All of it or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Reads the whole file; what is damaged anywhere shows. Seconds for a large one, so only before a night's work. */
export function checkWhole(file: string): void {
  if (!existsSync(file)) return;
  using database = openHistory(file);
  try {
    const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (found !== 'ok') throw new HarnessError('HISTORY_UNREADABLE', `${file} is damaged: ${String(found)}`);
  } catch (error) {
    throw told(error, file);
  }
}

/** Moves an unreadable file, with what SQLite keeps beside it, to a name that nothing has; returns that name. */
export function keepAside(file: string): string {
  for (let n = 1; ; n++) {
    const aside = `${file}.unreadable-${n}`;
    if (existsSync(aside)) continue;
    renameSync(file, aside);
    for (const beside of ['-wal', '-shm']) {
      if (existsSync(`${file}${beside}`)) renameSync(`${file}${beside}`, `${aside}${beside}`);
    }
    return aside;
  }
}
