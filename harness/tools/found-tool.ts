/** A program that was found, and how programs are looked for. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { output } from './command.ts';

export interface FoundTool {
  readonly path: string;
  readonly version: string;
  /** How it was found, in words: `PATH`, `GATECRASH_ETCD`, `.tools, built with Go`, … */
  readonly from: string;
}

/** A way to get a program that is not there. Resolves with the file, or with why it failed. */
export type Way = (progress: (text: string) => void) => Promise<{ readonly file: string } | { readonly why: string }>;

/** First executable of that name on PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).find(executable);
}

export function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The version that a program says it has; undefined when it does not run or says none. `before` is what it says before
 * the number, so that another program of that name is not taken for it.
 */
export async function versionOf(file: string, args: readonly string[], before = ''): Promise<string | undefined> {
  const text = (await output(file, args)) ?? '';
  const start = text.indexOf(before);
  return start < 0 ? undefined : /\d+\.\d+(?:\.\d+)?/.exec(text.slice(start))?.[0];
}

/** Why a version is too old; undefined when it is not. */
export function olderThan(wanted: string): (version: string) => string | undefined {
  return (version) => (atLeast(version, wanted) ? undefined : `older than ${wanted}`);
}

/** Compares `1.2.3` forms by number. */
export function atLeast(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0;
}
