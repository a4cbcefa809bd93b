/** `gatecrash calibrate`: one build against itself, to learn how much equal trials differ on this host. */
import path from 'node:path';
import type { Command } from 'commander';
import { calibrationOf } from '../judge/calibrate.ts';
import { sessionAlpha } from '../judge/looks.ts';
import { mostBlocks } from '../judge/statistics/max-t.ts';
import type { Calibration } from '../model/calibration.ts';
import { exitCode } from '../model/exit-codes.ts';
import { arms } from '../model/plan.ts';
import { renderCalibration } from '../reporters/calibration.ts';
import { makePlan } from '../run/make-plan.ts';
import { defaultCalibration } from '../store/calibration-file.ts';
import { saveJson } from '../store/run-folder.ts';
import { hostClass } from './calibration-named.ts';
import { loadGateways } from './config-file.ts';
import { playPlan } from './execute.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, maxTimeOf, scenariosNamed, seedOf } from './question.ts';
import { readRun } from './read-run.ts';
import { showVerdict } from './verdict-output.ts';

export interface CalibrateOptions {
  readonly gateway?: string;
  readonly trials?: string;
  readonly config?: string;
  readonly suite?: string;
  readonly scenario?: readonly string[];
  readonly seed?: string;
  readonly out?: string;
  readonly file?: string;
  readonly maxTime?: string;
}

const leastTrials = 9;
const mostTrials = mostBlocks * arms.length;

/** The trials are blocks of three equal arms, as a check has them: what a block shares does not count as noise. */
export async function calibrate(options: CalibrateOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  await loadGateways([options.gateway], options.config, mistakes);
  const build = buildNamed(options.gateway ?? 'reference@.', mistakes);
  const scenarios = await scenariosNamed(options.scenario, options.suite, mistakes);
  const trials = mistakes.whole('--trials', options.trials ?? '12', leastTrials) ?? leastTrials;
  if (trials > mostTrials) mistakes.add(`--trials may be at most ${mostTrials} for each scenario`);
  const seed = seedOf(options.seed, mistakes);
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes);
  mistakes.throwIfAny('gatecrash calibrate --help shows every flag');
  if (build === undefined) throw new Error('mistakes were thrown above');

  const looks = [{ blocks: Math.ceil(trials / arms.length), alpha: sessionAlpha }];
  const plan = makePlan({ scenarios, builds: { stable: build, twin: build, canary: build }, arms, looks, seed });
  const { folder, verdict } = await playPlan({ plan, out: options.out, json: false, maxTimeMs, profile: 'never' });
  if (verdict === undefined) return exitCode.interrupted;
  showVerdict(folder, verdict, false);
  const calibration: Calibration = {
    schema: 1,
    measuredAt: new Date().toISOString(),
    host: hostClass(),
    build: build.name,
    planHash: plan.hash,
    scenarios: calibrationOf(readRun(folder)),
  };
  saveJson(folder, 'calibration.json', calibration);
  const file = path.resolve(options.file ?? defaultCalibration);
  saveJson(path.dirname(file), path.basename(file), calibration);
  process.stdout.write(`\n${renderCalibration(calibration)}\n\ncalibration  ${path.relative(process.cwd(), file)}\n`);
  return exitCode.safe;
}
