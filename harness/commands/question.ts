/** From the words of a command line to the question that is asked: builds, scenarios, seed, looks. */
import { randomInt } from 'node:crypto';
import { catalogue, suites } from '../../scenarios/catalogue.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { loadEngineNames, sentBy } from '../../scenarios/load-engine.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { checkBuild } from '../gateways/index.ts';
import { designNames, isDesign, plannedLooks, sessionAlpha } from '../judge/looks.ts';
import { mostBlocks } from '../judge/statistics/max-t.ts';
import type { Build } from '../model/build.ts';
import { unknownWord } from '../model/nearest.ts';
import { type Look, type RuntimeKind, runtimeKinds } from '../model/plan.ts';
import type { Talk } from '../reporters/progress.ts';
import { isScenarioFile, loadScenario } from '../scenario-files/load-scenario.ts';
import type { Mistakes } from './mistakes.ts';

/** `runtime`: the one that is to run it. */
export function buildNamed(name: string, mistakes: Mistakes, runtime?: RuntimeKind): Build | undefined {
  const build = checkBuild(name, runtime);
  if (!('length' in build)) return build;
  mistakes.add(...build);
  return undefined;
}

/** Scenarios by name or file, else the suite. */
export async function scenariosNamed(
  words: readonly string[] | undefined,
  suite: string | undefined,
  mistakes: Mistakes,
): Promise<readonly Scenario[]> {
  if (words !== undefined && suite !== undefined) mistakes.add('--suite and --scenario exclude each other');
  if (words === undefined) return suiteNamed(suite ?? 'quick', mistakes);
  const found: Scenario[] = [];
  for (const word of new Set(words)) {
    const scenario = isScenarioFile(word) ? await loadScenario(word) : fromCatalogue(word);
    if ('length' in scenario) mistakes.add(...scenario);
    else if (found.some(({ name }) => name === scenario.name)) mistakes.add(`two scenarios are named ${scenario.name}`);
    else found.push(scenario);
  }
  return found;
}

/** The same scenarios, their load sent by the engine of `--load`. */
export function withLoad(
  scenarios: readonly Scenario[],
  name: string | undefined,
  mistakes: Mistakes,
): readonly Scenario[] {
  if (name === undefined) return scenarios;
  const engine = loadEngineNames.find((known) => known === name);
  if (engine === undefined) mistakes.add(unknownWord('load engine', name, loadEngineNames));
  for (const { name: scenario, load } of scenarios)
    if (engine === 'built-in' && load.script !== undefined)
      mistakes.add(`--load built-in cannot play the k6 script of ${scenario}`);
  return engine === undefined ? scenarios : scenarios.map((each) => sentBy(each, engine));
}

function fromCatalogue(name: string): Scenario | readonly string[] {
  const scenario = catalogue.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  return [
    unknownWord(
      'scenario',
      name,
      catalogue.map((each) => each.name),
    ),
  ];
}

function suiteNamed(name: string, mistakes: Mistakes): readonly Scenario[] {
  if (name === 'quick' || name === 'full') return suites[name];
  mistakes.add(unknownWord('suite', name, Object.keys(suites)));
  return [];
}

/** The seed given, or a random one; it is printed and stored, so the run can be played again either way. */
export function seedOf(text: string | undefined, mistakes: Mistakes): number {
  return (text === undefined ? undefined : mistakes.whole('--seed', text, 0)) ?? randomInt(2 ** 31);
}

export interface LooksAsked {
  readonly blocks?: string | undefined;
  readonly looks?: string;
}

/** Planned looks of the judge; a fixed number of blocks is one look with all of alpha. */
export function looksOf(
  { blocks, looks }: LooksAsked,
  scenarios: number,
  mistakes: Mistakes,
  flag = '--blocks',
): readonly Look[] {
  if (looks !== undefined && blocks !== undefined) mistakes.add(`--looks and ${flag} exclude each other`);
  const design = looks ?? 'quick';
  if (!isDesign(design)) {
    mistakes.add(unknownWord('design of looks', design, designNames));
    return [];
  }
  if (blocks === undefined) return plannedLooks(Math.max(1, scenarios), design);
  const count = mistakes.whole(flag, blocks, 3) ?? 3;
  if (count > mostBlocks)
    mistakes.add(`${flag} may be at most ${mostBlocks}: every labelling of the blocks is enumerated`);
  return [{ blocks: count, alpha: sessionAlpha }];
}

/** Milliseconds of `--max-time`, such as `10m`. */
export function maxTimeOf(text: string | undefined, mistakes: Mistakes, flag = '--max-time'): number | undefined {
  if (text === undefined) return undefined;
  try {
    return milliseconds(text);
  } catch (error) {
    mistakes.add(`${flag}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Processes when nothing is said. */
export function runtimeNamed(name: string = 'process', mistakes: Mistakes): RuntimeKind {
  const kind = runtimeKinds.find((each) => each === name);
  if (kind === undefined) mistakes.add(unknownWord('runtime', name, runtimeKinds));
  return kind ?? 'process';
}

/** How much is said while it runs. */
export function talkOf(options: { readonly quiet?: boolean; readonly verbose?: boolean }, mistakes: Mistakes): Talk {
  const { quiet = false, verbose = false } = options;
  if (quiet && verbose) mistakes.add('--quiet and --verbose exclude each other');
  return quiet ? 'quiet' : verbose ? 'verbose' : 'usual';
}
