/** SQLite's errors as ours. */
import { HarnessError } from '../../model/errors.ts';

/** Primary result code (sqlite.org/rescode.html), also of an error that was told in our words; else undefined. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode, cause } = (error ?? {}) as { readonly errcode?: unknown; readonly cause?: unknown };
  if (typeof errcode === 'number') return errcode & 0xff;
  return cause === undefined ? undefined : sqliteCode(cause);
}

/** SQLITE_ERROR (a table that should be there is not), SQLITE_CORRUPT, SQLITE_SCHEMA, SQLITE_NOTADB. */
const unreadable = [1, 11, 17, 26];

/** The error with a code of ours; errors that have one stay as they are. */
export function told(error: unknown, file: string): unknown {
  if (error instanceof HarnessError) return error;
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const message = `${file}: ${error instanceof Error ? error.message : String(error)}`;
  if (unreadable.includes(code)) {
    return new HarnessError('HISTORY_UNREADABLE', message, {
      hint: 'it was left as it is; gatecrash history import fills a new one from the run folders',
      cause: error,
    });
  }
  return new HarnessError('HISTORY_NOT_WRITTEN', message, {
    hint: 'the run folder has everything: gatecrash history import <folder> writes it later',
    cause: error,
  });
}
