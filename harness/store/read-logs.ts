/** What the processes of a trial printed. */
import { closeSync, fstatSync, globSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { TrialLogFile } from '../model/evidence.ts';

/** Of a longer log the end is read. Bytes. */
const mostBytes = 4 * 1_048_576;

export function readLogs(runFolder: string, trialFolder: string): readonly TrialLogFile[] {
  const files = globSync(`${trialFolder}/logs/*.log`, { cwd: runFolder }).toSorted();
  return files.map((file) => ({ file, name: path.basename(file, '.log'), text: tail(path.join(runFolder, file)) }));
}

function tail(file: string): string {
  const opened = openSync(file, 'r');
  try {
    const { size } = fstatSync(opened);
    const bytes = Buffer.alloc(Math.min(size, mostBytes));
    const read = readSync(opened, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } finally {
    closeSync(opened);
  }
}
