/** The run folder: `runs/<id>/…`, the evidence from which a verdict recomputes. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../model/errors.ts';

/** The scenarios of the plan that the host could not do, when there are any. */
export const skippedName = 'skipped.json';

/** Sortable by time, unique by the process: `20261123-214502-4711`. */
export function newRunId(now: Date, pid: number): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${pid}`;
}

/** A run's id: the folder's name where that is one, else what its journal begins with. */
export function runIdOf(folder: string): string {
  const name = path.basename(path.resolve(folder));
  const journal = path.join(folder, 'journal.ndjson');
  if (/^\d{8}-\d{6}-\d+(?:-[a-z0-9-]+)?$/.test(name) || !existsSync(journal)) return name;
  const [first = ''] = readFileSync(journal, 'utf8').split('\n', 1);
  return /"runId":"([\w-]+)"/.exec(first)?.[1] ?? name;
}

/** Creates the folder; one that already holds a plan is never written over. */
export function createRunFolder(folder: string): string {
  const absolute = path.resolve(folder);
  if (existsSync(path.join(absolute, 'plan.json'))) {
    throw new HarnessError('USAGE', `${absolute} already holds a run`, { hint: 'name another folder with --out' });
  }
  mkdirSync(path.join(absolute, 'trials'), { recursive: true });
  return absolute;
}

/** JSON with a stable layout: the same value gives the same bytes. */
export function saveJson(folder: string, name: string, value: unknown): string {
  return saveText(folder, name, `${JSON.stringify(value, null, 2)}\n`);
}

/** Returns the file's path. */
export function saveText(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
