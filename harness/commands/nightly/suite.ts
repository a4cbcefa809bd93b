/** From `gatecrash.config.ts` to the suite that a nightly runs, with every mistake told at once. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { Build } from '../../model/build.ts';
import { entryBeside } from '../../model/entry.ts';
import { unknownWord } from '../../model/nearest.ts';
import type { NightlyConfig, PairConfig } from '../../model/nightly-config.ts';
import type { Look } from '../../model/plan.ts';
import { isScenarioFile } from '../../scenario-files/load-scenario.ts';
import { usualNightsBetweenAlarms } from '../history/trends.ts';
import { Mistakes } from '../mistakes.ts';
import { buildNamed, looksOf, maxTimeOf, scenariosNamed } from '../question.ts';

export interface Pair {
  readonly name: string;
  readonly stable: Build;
  readonly canary: Build;
}

export interface Suite {
  readonly pairs: readonly Pair[];
  readonly scenarios: readonly Scenario[];
  readonly looks: readonly Look[];
  readonly timeBudgetMs: number | undefined;
  readonly nightsBetweenAlarms: number;
  /** Absolute paths. */
  readonly runs: string;
  readonly history: string;
  /** Hash of all that decides what is run: a night of another question is another night. */
  readonly question: string;
}

const fields = ['pairs', 'scenarios', 'blocks', 'timeBudget', 'nightsBetweenAlarms', 'runs', 'history'];
const pairFields = ['name', 'stable', 'canary'];

/** Undefined when there is a mistake. */
export async function loadSuite(file: string, mistakes: Mistakes): Promise<Suite | undefined> {
  if (!existsSync(file)) {
    mistakes.add(`there is no ${file}; docs/NIGHTLY.md has one to begin with`);
    return undefined;
  }
  const own = new Mistakes();
  const suite = await suiteOf(await exported(file, own), path.dirname(path.resolve(file)), own);
  mistakes.add(...own.found().map((mistake) => `${file}: ${mistake}`));
  return own.found().length === 0 ? suite : undefined;
}

/** The default export. `gatecrash/config` is this very program, wherever the file lies. */
async function exported(file: string, mistakes: Mistakes): Promise<unknown> {
  const own = pathToFileURL(entryBeside(import.meta.url, '../../model/nightly-config')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'gatecrash/config' ? { url: own, shortCircuit: true } : next(specifier, context),
  });
  try {
    return ((await import(pathToFileURL(path.resolve(file)).href)) as { default?: unknown }).default;
  } catch (error) {
    mistakes.add(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    return {};
  } finally {
    hooks.deregister();
  }
}

async function suiteOf(value: unknown, folder: string, mistakes: Mistakes): Promise<Suite | undefined> {
  if (!isObject(value)) {
    mistakes.add('export one configuration: export default defineConfig({ … })');
    return undefined;
  }
  for (const name of Object.keys(value)) if (!fields.includes(name)) mistakes.add(unknownWord('field', name, fields));
  const config = value as Partial<NightlyConfig>;
  const pairs = pairsOf(config.pairs, mistakes);
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
    timeBudgetMs,
    nightsBetweenAlarms: nightsBetweenAlarms ?? usualNightsBetweenAlarms,
    runs: path.resolve(folder, runs),
    history: path.resolve(folder, history),
    question: createHash('sha256')
      .update(JSON.stringify([pairs, scenarios, looks]))
      .digest('hex'),
  };
}

function pairsOf(value: unknown, mistakes: Mistakes): readonly Pair[] {
  if (!Array.isArray(value) || value.length === 0) {
    mistakes.add('pairs must be a list of at least one { name, stable, canary }');
    return [];
  }
  const pairs = value.flatMap((each: unknown, index) => pairOf(each, `pairs[${index}]`, mistakes));
  const names = pairs.map(({ name }) => name);
  for (const name of new Set(names.filter((name, i) => names.indexOf(name) !== i)))
    mistakes.add(`two pairs are named ${name}`);
  return pairs;
}

function pairOf(value: unknown, where: string, mistakes: Mistakes): readonly Pair[] {
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
  const builds = [buildNamed(stable, mistakes), buildNamed(canary, mistakes)] as const;
  return builds[0] === undefined || builds[1] === undefined ? [] : [{ name, stable: builds[0], canary: builds[1] }];
}

interface Question {
  readonly scenarios: readonly Scenario[];
  readonly looks: readonly Look[];
}

async function questionOf(config: Partial<NightlyConfig>, folder: string, mistakes: Mistakes): Promise<Question> {
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
