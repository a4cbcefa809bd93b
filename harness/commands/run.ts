/** `gatecrash run`: one build through one scenario; invariants only, nothing to compare with. */
import type { Command } from 'commander';
import { makePlan } from '../run/make-plan.ts';
import { execute } from './execute.ts';
import { defaultHistory } from './history/action.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, maxTimeOf, runtimeNamed, scenariosNamed, seedOf, talkOf } from './question.ts';

export interface RunOptions {
  readonly gateway?: string;
  readonly runtime?: string;
  readonly trials?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly maxTime?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `true`: in the usual place. */
  readonly history?: string | true;
}

export async function run(name: string, options: RunOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  if (options.gateway === undefined) mistakes.add('--gateway <build> is missing, such as reference@.');
  const build = buildNamed(options.gateway ?? 'reference@.', mistakes);
  const scenarios = await scenariosNamed([name], undefined, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const trials = mistakes.whole('--trials', options.trials ?? '1', 1) ?? 1;
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes);
  runtimeNamed(options.runtime, mistakes);
  const talk = talkOf(options, mistakes);
  mistakes.throwIfAny('gatecrash list shows what is known; gatecrash run --help shows every flag');
  if (build === undefined) throw new Error('mistakes were thrown above');

  const builds = { stable: build, twin: build, canary: build };
  const plan = makePlan({ scenarios, builds, arms: ['canary'], looks: [{ blocks: trials, alpha: 1 }], seed });
  const history = options.history === true ? defaultHistory : options.history;
  return execute({ plan, out: options.out, json: options.json ?? false, maxTimeMs, talk, history });
}
