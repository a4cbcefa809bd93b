/** `gatecrash plan`: what a check would do, before anything runs. */
import type { Command } from 'commander';
import { type Plan, arms } from '../model/plan.ts';
import { makePlan } from '../run/make-plan.ts';
import { calibrationNamed } from './calibration-named.ts';
import { loadGateways } from './config-file.ts';
import { describePlan } from './describe-plan.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, looksOf, runtimeNamed, scenariosNamed, seedOf, withLoad } from './question.ts';
import { thisHost } from './this-host.ts';

export interface PlanOptions {
  readonly stable?: string;
  readonly canary?: string;
  readonly runtime?: string;
  readonly load?: string;
  readonly seed?: string;
  readonly blocks?: string;
  readonly looks?: string;
  readonly calibration?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export async function plan(names: readonly string[], options: PlanOptions, command: Command): Promise<number> {
  const made = await planned(names, options, command);
  if (options.json === true) process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  else process.stdout.write(`${describePlan(made, await thisHost(made.runtime)).join('\n')}\n`);
  return 0;
}

/** Rejects with a UsageError that holds every mistake. */
export async function planned(names: readonly string[], options: PlanOptions, command: Command): Promise<Plan> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, names.length);
  const runtime = runtimeNamed(options.runtime, mistakes);
  await loadGateways([options.stable, options.canary], options.config, mistakes);
  const stable = buildNamed(options.stable ?? 'reference@.', mistakes, runtime);
  const canary = buildNamed(options.canary ?? 'reference@.', mistakes, runtime);
  const scenarios = withLoad(await scenariosNamed(names, undefined, mistakes), options.load, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const looks = looksOf(options, scenarios.length, mistakes);
  const calibration = calibrationNamed(options.calibration, mistakes);
  mistakes.throwIfAny('gatecrash list shows what is known');
  if (stable === undefined || canary === undefined) throw new Error('mistakes were thrown above');
  const builds = { stable, twin: stable, canary };
  return makePlan({ scenarios, builds, arms, looks, seed, runtime, calibration });
}
