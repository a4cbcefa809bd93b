/** A program that was found, and how programs are looked for. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export interface FoundTool {
  readonly path: string;
  readonly version: string;
  /** How it was found, in words: `PATH`, `GATECRASH_ETCD`, `built with Go`, … */
  readonly from: string;
}

const run = promisify(execFile);

/** What a program prints, both streams; undefined when it is not there or fails. */
export async function output(
  command: string,
  args: readonly string[],
  timeoutMs = 10_000,
): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, [...args], { timeout: timeoutMs });
    return `${stdout}${stderr}`;
  } catch {
    return undefined;
  }
}

/** First executable of that name on PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).find(executable);
}

export function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first `1.2.3` of a text. */
export function versionIn(text: string | undefined): string | undefined {
  return /\d+\.\d+(?:\.\d+)?/.exec(text ?? '')?.[0];
}

/** Compares `1.2.3` forms by number. */
export function atLeast(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, 'en', { numeric: true }) >= 0;
}
