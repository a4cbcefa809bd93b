/** From `gatecrash.config.ts` to the suite that a nightly runs, with every mistake told at once. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { Build } from '../../model/build.ts';
import { unknownWord } from '../../model/nearest.ts';
import type { Config, PairConfig } from '../../model/config.ts';
import type { Look, RuntimeKind } from '../../model/plan.ts';
import { isScenarioFile } from '../../scenario-files/load-scenario.ts';
import { usualNightsBetweenAlarms } from '../history/trends.ts';
import { readConfig } from '../config-file.ts';
import { Mistakes } from '../mistakes.ts';
import { buildNamed, looksOf, maxTimeOf, runtimeNamed, scenariosNamed } from '../question.ts';

export interface Pair {
  readonly name: string;
  readonly stable: Build;
  readonly canary: Build;
}

export interface Suite {
  readonly pairs: readonly Pair[];
  readonly scenarios: readonly Scenario[];
  readonly looks: readonly Look[];
  readonly runtime: RuntimeKind;
  readonly timeBudgetMs: number | undefined;
  readonly nightsBetweenAlarms: number;
  /** Absolute paths. */
  readonly runs: string;
  readonly history: string;
  /** Hash of all that decides what is run: a night of another question is another night. */
  readonly question: string;
}

const pairFields = ['name', 'stable', 'canary'];

/** Undefined when there is a mistake. `runtime`: instead of what the file says. */
export async function loadSuite(file: string, mistakes: Mistakes, runtime?: RuntimeKind): Promise<Suite | undefined> {
  if (!existsSync(file)) {
    mistakes.add(`there is no ${file}; docs/NIGHTLY.md has one to begin with`);
    return undefined;
  }
  const own = new Mistakes();
  const config = await readConfig(file, own);
  const suite = config && (await suiteOf(config, path.dirname(path.resolve(file)), own, runtime));
  mistakes.add(...own.found().map((mistake) => `${file}: ${mistake}`));
  return own.found().length === 0 ? suite : undefined;
}

async function suiteOf(
  config: Config,
  folder: string,
  mistakes: Mistakes,
  named: RuntimeKind | undefined,
): Promise<Suite> {
  const runtime = named ?? runtimeNamed(textOf(config.runtime, 'runtime', mistakes), mistakes);
  const pairs = pairsOf(config.pairs, runtime, mistakes);
  const { scenarios, looks } = await questionOf(config, folder, mistakes);
  const timeBudgetMs = maxTimeOf(textOf(config.timeBudget, 'timeBudget', mistakes), mistakes, 'timeBudget');
  const nightsBetweenAlarms =
    config.nightsBetweenAlarms === undefined
      ? usualNightsBetweenAlarms
      : mistakes.whole('nightsBetweenAlarms', String(config.nightsBetweenAlarms), 1);
  const runs = textOf(config.runs, 'runs', mistakes) ?? 'runs';
  const history = textOf(config.history, 'history', mistakes) ?? path.join(runs, 'history.db');
  return {
    pairs,
    scenarios,
    looks,
    runtime,
    timeBudgetMs,
    nightsBetweenAlarms: nightsBetweenAlarms ?? usualNightsBetweenAlarms,
    runs: path.resolve(folder, runs),
    history: path.resolve(folder, history),
    question: createHash('sha256')
      .update(JSON.stringify([pairs, scenarios, looks, runtime]))
      .digest('hex'),
  };
}

function pairsOf(value: unknown, runtime: RuntimeKind, mistakes: Mistakes): readonly Pair[] {
  if (!Array.isArray(value) || value.length === 0) {
    mistakes.add('pairs must be a list of at least one { name, stable, canary }');
    return [];
  }
  const pairs = value.flatMap((each: unknown, index) => pairOf(each, `pairs[${index}]`, runtime, mistakes));
  const names = pairs.map(({ name }) => name);
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i)))
    mistakes.add(`two pairs are named ${name}`);
  return pairs;
}

function pairOf(value: unknown, where: string, runtime: RuntimeKind, mistakes: Mistakes): readonly Pair[] {
  if (!isObject(value)) {
    mistakes.add(`${where} must be { name, stable, canary }`);
    return [];
  }
  for (const name of Object.keys(value))
    if (!pairFields.includes(name)) mistakes.add(`${where}: ${unknownWord('field', name, pairFields)}`);
  const missing = pairFields.filter((field) => typeof value[field] !== 'string');
  for (const field of missing) mistakes.add(`${where}: the text "${field}" is missing`);
  if (missing.length > 0) return [];
  const { name, stable, canary } = value as unknown as PairConfig;
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    mistakes.add(`${where}: the name "${name}" must be lower-case words joined by hyphens`);
  const builds = [buildNamed(stable, mistakes, runtime), buildNamed(canary, mistakes, runtime)] as const;
  return builds[0] === undefined || builds[1] === undefined ? [] : [{ name, stable: builds[0], canary: builds[1] }];
}

interface Question {
  readonly scenarios: readonly Scenario[];
  readonly looks: readonly Look[];
}

async function questionOf(config: Config, folder: string, mistakes: Mistakes): Promise<Question> {
  const asked: unknown = config.scenarios ?? 'quick';
  const named = Array.isArray(asked) && asked.every((word) => typeof word === 'string') ? asked : undefined;
  if (named === undefined && typeof asked !== 'string')
    mistakes.add('scenarios must be a suite or a list of names and files');
  if (named?.length === 0) mistakes.add('scenarios must name at least one');
  const words = named?.map((word) => (isScenarioFile(word) ? path.resolve(folder, word) : word));
  const scenarios = await scenariosNamed(words, typeof asked === 'string' ? asked : undefined, mistakes);
  const blocks = config.blocks === undefined ? undefined : String(config.blocks);
  return { scenarios, looks: looksOf({ blocks }, scenarios.length, mistakes, 'blocks') };
}

function textOf(value: unknown, name: string, mistakes: Mistakes): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  mistakes.add(`${name} must be a text, not ${JSON.stringify(value)}`);
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
