/** The end of a log file, for error messages. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const window = 16_384;

/** The last `lines` lines; reads at most 16 KiB. Empty when there is no such file. */
export function logTail(file: string, lines: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, window));
    readSync(descriptor, buffer, 0, buffer.length, Math.max(0, size - window));
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
