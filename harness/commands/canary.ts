/** `gatecrash canary`: two builds, the same scenarios, a verdict. */
import type { Command } from 'commander';
import { arms } from '../model/plan.ts';
import { makePlan } from '../run/make-plan.ts';
import { calibrationNamed } from './calibration-named.ts';
import { loadGateways } from './config-file.ts';
import { execute } from './execute.ts';
import { defaultHistory } from './history/action.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, looksOf, maxTimeOf, runtimeNamed, scenariosNamed, seedOf, talkOf, withLoad } from './question.ts';

export interface CanaryOptions {
  readonly stable?: string;
  readonly canary?: string;
  readonly suite?: string;
  readonly scenario?: readonly string[];
  readonly runtime?: string;
  readonly blocks?: string;
  readonly load?: string;
  readonly seed?: string;
  readonly looks?: string;
  readonly calibration?: string;
  readonly config?: string;
  readonly out?: string;
  readonly maxTime?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** `--profile` and `--no-profile`; neither: where the canary became slower or dearer. */
  readonly profile?: boolean;
  /** `true`: in the usual place. */
  readonly history?: string | true;
}

export async function canary(options: CanaryOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  if (options.stable === undefined) mistakes.add('--stable <build> is missing, such as reference@.');
  if (options.canary === undefined) mistakes.add('--canary <build> is missing, such as reference@.');
  const runtime = runtimeNamed(options.runtime, mistakes);
  await loadGateways([options.stable, options.canary], options.config, mistakes);
  const stable = buildNamed(options.stable ?? 'reference@.', mistakes, runtime);
  const tested = buildNamed(options.canary ?? 'reference@.', mistakes, runtime);
  const scenarios = withLoad(await scenariosNamed(options.scenario, options.suite, mistakes), options.load, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const looks = looksOf(options, scenarios.length, mistakes);
  const calibration = calibrationNamed(options.calibration, mistakes);
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes);
  const talk = talkOf(options, mistakes);
  mistakes.throwIfAny('gatecrash list shows what is known; gatecrash canary --help shows every flag');
  if (stable === undefined || tested === undefined) throw new Error('mistakes were thrown above');

  const builds = { stable, twin: stable, canary: tested };
  const plan = makePlan({ scenarios, builds, arms, looks, seed, runtime, calibration });
  const history = options.history === true ? defaultHistory : options.history;
  const profile = options.profile === undefined ? 'regression' : options.profile ? 'always' : 'never';
  return execute({ plan, out: options.out, json: options.json ?? false, maxTimeMs, talk, history, profile });
}
