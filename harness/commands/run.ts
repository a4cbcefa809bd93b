/** `gatecrash run`: one build through one scenario; invariants only, nothing to compare with. */
import type { Command } from 'commander';
import { makePlan } from '../run/make-plan.ts';
import { loadGateways } from './config-file.ts';
import { execute } from './execute.ts';
import { defaultHistory } from './history/action.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, maxTimeOf, runtimeNamed, scenariosNamed, seedOf, talkOf, withLoad } from './question.ts';

export interface RunOptions {
  readonly gateway?: string;
  readonly runtime?: string;
  readonly trials?: string;
  readonly config?: string;
  readonly load?: string;
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
  const runtime = runtimeNamed(options.runtime, mistakes);
  await loadGateways([options.gateway], options.config, mistakes);
  const build = buildNamed(options.gateway ?? 'reference@.', mistakes, runtime);
  const scenarios = withLoad(await scenariosNamed([name], undefined, mistakes), options.load, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const trials = mistakes.whole('--trials', options.trials ?? '1', 1) ?? 1;
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes);
  const talk = talkOf(options, mistakes);
  mistakes.throwIfAny('gatecrash list shows what is known; gatecrash run --help shows every flag');
  if (build === undefined) throw new Error('mistakes were thrown above');

  const builds = { stable: build, twin: build, canary: build };
  const looks = [{ blocks: trials, alpha: 1 }];
  const plan = makePlan({ scenarios, builds, arms: ['canary'], looks, seed, runtime });
  const history = options.history === true ? defaultHistory : options.history;
  return execute({ plan, out: options.out, json: options.json ?? false, maxTimeMs, talk, history });
}
