/** Runs a program to its end, for what it prints or for why it failed. */
import { execFile } from 'node:child_process';

export interface Done {
  readonly ok: boolean;
  /** Both streams. */
  readonly text: string;
  /** Why it failed, in one line; empty when it did not. */
  readonly why: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** On top of the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly withinMs?: number;
}

/** Never rejects. */
export function command(file: string, args: readonly string[], options: CommandOptions = {}): Promise<Done> {
  const { cwd, env = {}, withinMs = 10_000 } = options;
  const settings = { timeout: withinMs, env: { ...process.env, ...env }, ...(cwd === undefined ? {} : { cwd }) };
  return new Promise((resolve) => {
    execFile(file, [...args], settings, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`;
      if (error === null) resolve({ ok: true, text, why: '' });
      else if (error.killed === true) resolve({ ok: false, text, why: `it did not end within ${withinMs / 1_000} s` });
      else resolve({ ok: false, text, why: lastWords(stderr) ?? lastWords(stdout) ?? error.message });
    });
  });
}

/** What a program prints, both streams; undefined when it is not there or fails. */
export async function output(file: string, args: readonly string[]): Promise<string | undefined> {
  const { ok, text } = await command(file, args);
  return ok ? text : undefined;
}

/** The line that says why, or else the last one: tools put the cause under their progress and warnings. */
function lastWords(text: string): string | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.findLast((line) => /^(?:E:|go:|error|fatal)/i.test(line)) ?? lines.at(-1);
}
