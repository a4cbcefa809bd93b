/** `gatecrash history import <folder…>`: run folders into the history, by their own times. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { readPlan } from '../../store/read-evidence.ts';
import { told } from '../../store/history/sqlite-errors.ts';
import { writeRun } from '../../store/history/write-run.ts';
import { exitCode } from '../../model/exit-codes.ts';
import type { HistoryAction } from './action.ts';
import { kindOf, recordOf } from './record-of.ts';

export const importRuns: HistoryAction = {
  words: 'many',
  prepare({ words, options, mistakes, file }) {
    if (words.length === 0) mistakes.add('name the run folders to be imported, such as runs/*');
    for (const folder of words)
      if (!existsSync(path.join(folder, 'plan.json'))) mistakes.add(`${folder} is no run folder: it has no plan.json`);
    return async () => {
      const { records, unreadable } = readAll(words, options.pair);
      write(file, records);
      for (const line of unreadable) process.stderr.write(`${line}\n`);
      return unreadable.length === 0 ? 0 : exitCode.broken;
    };
  },
};

interface ReadAll {
  readonly records: readonly RunRecord[];
  readonly unreadable: readonly string[];
}

/** A folder that cannot be read does not keep the others out. */
function readAll(folders: readonly string[], pair: string | undefined): ReadAll {
  const records: RunRecord[] = [];
  const unreadable: string[] = [];
  for (const folder of folders) {
    try {
      const kind = kindOf(readPlan(path.join(folder, 'plan.json')));
      records.push(recordOf(folder, { kind, night: null, pair }));
    } catch (error) {
      if (!(error instanceof HarnessError)) throw error;
      unreadable.push(`error ${error.code}: ${error.message}`);
    }
  }
  return { records, unreadable };
}

function write(file: string, records: readonly RunRecord[]): void {
  using database = openHistory(file);
  try {
    for (const record of records) {
      const number = writeRun(database, record, 'then');
      const said = number === undefined ? 'was there already' : `is run ${number}`;
      process.stdout.write(`${record.folder} ${said}\n`);
    }
  } catch (error) {
    throw told(error, file);
  }
}
