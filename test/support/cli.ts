/** The program as a user runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
}

export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(path.resolve('gatecrash'), [...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr }))) };
}

export function gatecrash(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return start(args, env).ended;
}

/** A folder for a run, gone when disposed. */
export function runFolder(): { readonly folder: string } & Disposable {
  const parent = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-run-'));
  return { folder: path.join(parent, 'run'), [Symbol.dispose]: () => rmSync(parent, { recursive: true }) };
}

/** Text of a file, empty while it is not there. */
export function textOf(...parts: readonly string[]): string {
  const file = path.join(...parts);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
