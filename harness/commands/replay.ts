/** `gatecrash replay`: the experiment of a stored plan once more. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { scenarioMistakes } from '../../scenarios/check.ts';
import { checkBuild } from '../gateways/index.ts';
import { unknownWord } from '../model/nearest.ts';
import { type Plan, runtimeKinds } from '../model/plan.ts';
import { hashOf } from '../run/make-plan.ts';
import { schemaMistakes } from '../scenario-files/schema-mistakes.ts';
import { readPlan } from '../store/read-evidence.ts';
import { loadGateways } from './config-file.ts';
import { execute } from './execute.ts';
import { Mistakes } from './mistakes.ts';
import { maxTimeOf, talkOf } from './question.ts';
import { runFolderNamed } from './run-named.ts';

export interface ReplayOptions {
  readonly out?: string;
  readonly maxTime?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export async function replay(name: string, options: ReplayOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const file = planFile(name, mistakes);
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes);
  const talk = talkOf(options, mistakes);
  mistakes.throwIfAny();
  const plan = readPlan(file);
  const names = Object.values(plan.builds).map(({ name }) => name);
  await loadGateways(names, options.config, mistakes);
  mistakes.add(...planMistakes(plan).map((mistake) => `${file}: ${mistake}`));
  mistakes.throwIfAny('gatecrash plan --json makes a plan that can be replayed');
  return execute({ plan, out: options.out, json: options.json ?? false, maxTimeMs, talk });
}

/** A run folder, the id of a run, or a file as `gatecrash plan --json` prints it. */
function planFile(name: string, mistakes: Mistakes): string {
  if (existsSync(name) && statSync(name).isFile()) return name;
  return path.join(runFolderNamed(name, mistakes), 'plan.json');
}

/** A plan comes from a file: what it says may have been changed by hand, and what it names may not be here. */
function planMistakes({ hash, ...rest }: Plan): readonly string[] {
  // With another hash it is no plan of ours: nothing else that it says can be relied on.
  if (hash !== hashOf(rest)) return [`its hash is ${hash}, its content has ${hashOf(rest)}: it was changed`];
  const forms = rest.scenarios.flatMap(({ scenario }) =>
    schemaMistakes(scenario).map(({ path, words }) => `scenario ${scenario.name}: ${words} (${path.join('.')})`),
  );
  const meanings = forms.length > 0 ? [] : rest.scenarios.flatMap(({ scenario }) => scenarioMistakes(scenario));
  const places = runtimeKinds.includes(rest.runtime) ? [] : [unknownWord('runtime', rest.runtime, runtimeKinds)];
  const builds = Object.values(rest.builds).map(({ name }) => checkBuild(name, rest.runtime));
  return [
    ...new Set([
      ...places,
      ...forms,
      ...meanings.map(({ words }) => words),
      ...builds.flatMap((build) => ('length' in build ? build : [])),
    ]),
  ];
}
