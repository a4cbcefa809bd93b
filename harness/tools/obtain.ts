/** Finds a program, or makes it: first one that is there, then the ways to get one, in order. */
import { existsSync } from 'node:fs';
import { type ErrorCode, HarnessError } from '../model/errors.ts';
import { type FoundTool, type Way, executable, versionOf } from './found-tool.ts';

export interface WantedTool {
  /** Such as `an etcd`. */
  readonly aName: string;
  readonly name: string;
  /** Environment variable that may name its path. */
  readonly variable: string;
  /** How it is asked for its version; by `--version` when that is not said. */
  readonly versionArgs?: readonly string[];
  /** What it says before the number. */
  readonly beforeVersion: string;
  /** Why that version does not serve, as the end of a sentence; undefined when it does. */
  readonly unfit: (version: string) => string | undefined;
  /** Where one may be, best first: where in words, and the file. */
  readonly places: () => readonly (readonly [string, string | undefined])[];
  /** How one is made: how in words, and the way. */
  readonly ways: readonly (readonly [string, Way])[];
  /** Of the error when there is none, and what to do then. */
  readonly code: ErrorCode;
  readonly hint: string;
}

/** Looks without building or fetching anything. Rejects when the variable names no usable one. */
export async function find(tool: WantedTool): Promise<FoundTool | undefined> {
  return (await look(tool)).found;
}

/** Finds or makes one. Rejects with why every way failed. */
export async function obtain(tool: WantedTool, progress: (text: string) => void): Promise<FoundTool> {
  const { found, whyNot } = await look(tool);
  if (found !== undefined) return found;
  const tried = [...whyNot];
  for (const [from, way] of tool.ways) {
    const got = await way(progress);
    const made = 'why' in got ? got.why : await checked(tool, got.file, from);
    if (typeof made !== 'string') return made;
    tried.push(`${from}: ${made}`);
    progress(`no ${tool.name} ${from}: ${made}`);
  }
  throw notFound(tool, `there is no ${tool.name}\n${tried.map((line) => `  - ${line}`).join('\n')}`);
}

async function look(tool: WantedTool): Promise<{ readonly found?: FoundTool; readonly whyNot: readonly string[] }> {
  const named = process.env[tool.variable] ?? '';
  if (named !== '') {
    const found = await checked(tool, named, tool.variable);
    // A name that was given and does not work is a mistake to be told, not to be worked around.
    if (typeof found === 'string') throw notFound(tool, `${tool.variable}: ${found}`);
    return { found, whyNot: [] };
  }
  const whyNot = [`${tool.variable}: not set`];
  for (const [from, file] of tool.places()) {
    const found = file === undefined ? 'none there' : await checked(tool, file, from);
    if (typeof found !== 'string') return { found, whyNot };
    whyNot.push(`${from}: ${found}`);
  }
  return { whyNot };
}

/** The tool at that path, or why it is none. */
async function checked(tool: WantedTool, file: string, from: string): Promise<FoundTool | string> {
  if (!existsSync(file)) return `${file} is not there`;
  if (!executable(file)) return `${file} is no program that can be run`;
  const { versionArgs = ['--version'] } = tool;
  const version = await versionOf(file, versionArgs, tool.beforeVersion);
  if (version === undefined) return `${file} ${versionArgs.join(' ')} does not say that it is ${tool.aName}`;
  const unfit = tool.unfit(version);
  if (unfit !== undefined) return `${file} is ${version}, ${unfit}`;
  return { path: file, version, from };
}

function notFound({ code, hint }: WantedTool, message: string): HarnessError {
  return new HarnessError(code, message, { hint });
}
