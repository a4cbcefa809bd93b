/** One nightly at a time for each history. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HarnessError } from '../model/errors.ts';
import { sqliteCode, told } from './history/sqlite-errors.ts';

/** SQLITE_BUSY. */
const busy = 5;

/** What the holder says of itself. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
}

/**
 * An exclusive lock of the operating system, taken through SQLite because Node has no call for it. It ends with the
 * process that holds it, however that ends: there is no stale lock to be told from a real one.
 * @throws HarnessError NIGHTLY_RUNNING, which says who holds it.
 */
export function lockNightly(history: string, holder: Holder): Disposable {
  const file = `${history}.lock`;
  const words = `${file}.json`;
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    writeFileSync(words, `${JSON.stringify(holder)}\n`);
  } catch (error) {
    database.close();
    if (sqliteCode(error) !== busy) throw told(error, file);
    throw new HarnessError('NIGHTLY_RUNNING', `another nightly is under way with ${history}: ${holderWords(words)}`, {
      hint: 'wait for its end, or stop it with a SIGTERM: it heals, ends what it started, and the next one goes on from there',
      cause: error,
    });
  }
  return {
    [Symbol.dispose]() {
      rmSync(words, { force: true });
      database.close();
    },
  };
}

function holderWords(file: string): string {
  // The holder may be just about to write it, or to end.
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  try {
    const { pid, host, startedAt } = JSON.parse(text) as Holder;
    return `process ${pid} on ${host}, since ${startedAt}`;
  } catch {
    return 'its holder has not said who it is';
  }
}
