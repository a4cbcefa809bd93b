/** The k6 script that a scenario names, read into it: what is planned is played, whatever becomes of the file. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isScript, scriptMistakes } from '../../scenarios/k6-script.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** Bytes: it stands in the plan of every run. */
const mostBytes = 262_144;

export interface WithScript {
  /** Without a script when there is a mistake in it: the rest can be looked at all the same. */
  readonly scenario: Scenario;
  /** Sentences that begin with their place. */
  readonly mistakes: readonly string[];
}

/** `place` is where the scenario's file names it. */
export function withScript(scenario: Scenario, file: string, place: string): WithScript {
  const { ratePerSecond, connections, script } = scenario.load;
  if (script === undefined || isScript(script)) return { scenario, mistakes: [] };
  const read = readScript(path.resolve(path.dirname(file), script), place);
  return typeof read === 'string'
    ? { scenario: { ...scenario, load: { ...scenario.load, script: read } }, mistakes: [] }
    : { scenario: { ...scenario, load: { ratePerSecond, connections } }, mistakes: read };
}

function readScript(file: string, place: string): string | readonly string[] {
  const text = textOf(file);
  if (text === undefined) return [`${place}: there is no k6 script ${file} (load.script)`];
  if (text.length > mostBytes) return [`${file}: over ${mostBytes} bytes; a plan holds it whole`];
  const mistakes = [...scriptMistakes(text), ...syntaxMistakes(text)];
  if (mistakes.length > 0) return mistakes.map(({ line, words }) => `${file}:${line}: ${words}`);
  return isScript(text) ? text : `${text}\n`;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** As Node reads a module: k6 is of the same language, and need not be there to plan. */
function syntaxMistakes(script: string): readonly { readonly line: number; readonly words: string }[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-script-'));
  const file = path.join(folder, 'script.mjs');
  try {
    writeFileSync(file, script);
    const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
    if (status === 0) return [];
    const line = Number(/script\.mjs:(\d+)/.exec(stderr)?.[1] ?? 1);
    return [{ line, words: /^\w*Error: .*$/m.exec(stderr)?.[0] ?? 'it is no JavaScript module' }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
