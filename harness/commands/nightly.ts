/** `gatecrash nightly`: the suite of `gatecrash.config.ts`, its history and its trend alarms. */
import { existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { HarnessError } from '../model/errors.ts';
import { exitCode } from '../model/exit-codes.ts';
import { unknownWord } from '../model/nearest.ts';
import type { NightOutcome } from '../model/night.ts';
import { markdown } from '../reporters/markdown.ts';
import { nightSummary } from '../reporters/night-summary.ts';
import { type Scheduler, scheduleFiles, schedulers } from '../reporters/schedule.ts';
import { harnessLives } from '../runtimes/harness-of.ts';
import { checkWhole, keepAside, openHistory } from '../store/history/open-history.ts';
import { type Night, beginNight, unfinishedNight } from '../store/history/nights.ts';
import { lockNightly } from '../store/nightly-lock.ts';
import { newRunId } from '../store/run-folder.ts';
import { removeLeftovers } from './clean.ts';
import { usualConfig } from './config-file.ts';
import { playPlan } from './execute.ts';
import { addToJobPage } from './github.ts';
import { Mistakes } from './mistakes.ts';
import { nightExitCode } from './nightly/exit-code.ts';
import { runNight } from './nightly/run-night.ts';
import { type Suite, loadSuite } from './nightly/suite.ts';
import { tellTrends } from './nightly/tell-trends.ts';
import { runtimeNamed, talkOf } from './question.ts';

export interface NightlyOptions {
  readonly config?: string;
  readonly runtime?: string;
  readonly printSchedule?: string;
  readonly fresh?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** A night that was begun longer ago is given up: the next has come. Milliseconds. */
const goesOnWithinMs = 20 * 3_600_000;
/** With less than this a run may not be able to write its evidence. */
const leastFreeBytes = 512 * 1024 ** 2;

export async function nightly(options: NightlyOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  const talk = talkOf(options, mistakes);
  const scheduler = schedulers.find((each) => each === options.printSchedule);
  if (options.printSchedule !== undefined && scheduler === undefined)
    mistakes.add(unknownWord('scheduler', options.printSchedule, schedulers));
  if (options.printSchedule !== undefined) {
    mistakes.throwIfAny();
    return printSchedule(scheduler ?? 'cron');
  }
  const runtime = options.runtime === undefined ? undefined : runtimeNamed(options.runtime, mistakes);
  const suite = await loadSuite(options.config ?? usualConfig, mistakes, runtime);
  mistakes.throwIfAny('docs/NIGHTLY.md describes the configuration; gatecrash nightly --help shows every flag');
  if (suite === undefined) throw new Error('mistakes were thrown above');

  const startedAt = new Date();
  const holder = { pid: process.pid, host: hostname(), startedAt: startedAt.toISOString() };
  using held = new DisposableStack();
  held.use(lockNightly(suite.history, holder));
  const troubles = readableHistory(suite);
  roomOnDisk(suite.runs);
  await removeLeftovers((runId) => !harnessLives(runId));
  const night = nightOf(suite, startedAt, options.fresh === true);
  const deps = {
    play: playPlan,
    tellTrends,
    clean: async () => void (await removeLeftovers((runId) => isOwn(runId) || !harnessLives(runId))),
    now: () => new Date(),
    talk,
  };
  const outcome = await runNight(suite, night, deps, troubles);
  if (outcome === undefined) return exitCode.interrupted;
  tell(outcome, options.json === true);
  return nightExitCode(outcome);
}

/** A damaged history is put aside and told, and the night goes on with a new one: evidence of tonight is worth more. */
function readableHistory({ history }: Suite): readonly string[] {
  try {
    checkWhole(history);
    return [];
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'HISTORY_UNREADABLE') throw error;
    const aside = keepAside(history);
    return [`error ${error.code}: ${error.message}; it was kept as ${aside}, and a new history begins`];
  }
}

function roomOnDisk(runs: string): void {
  mkdirSync(runs, { recursive: true });
  const { bavail, bsize } = statfsSync(runs);
  const free = bavail * bsize;
  if (free >= leastFreeBytes) return;
  const [has, needs] = [free, leastFreeBytes].map((bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`);
  throw new HarnessError('DISK_FULL', `${runs} has ${has} free, a night needs ${needs}`, {
    hint: 'remove run folders that nobody needs; the history keeps their numbers',
  });
}

/** The night that a crash left unfinished, if it is still the same night and the same question; else a new one. */
function nightOf({ history, question }: Suite, now: Date, fresh: boolean): Night {
  using database = openHistory(history);
  const unfinished = unfinishedNight(database, question);
  if (!fresh && unfinished !== undefined && now.getTime() - Date.parse(unfinished.startedAt) < goesOnWithinMs)
    return unfinished;
  const night = { id: newRunId(now, process.pid), startedAt: now.toISOString() };
  beginNight(database, night, question);
  return night;
}

/** A run's id ends in the pid of its harness. */
function isOwn(runId: string): boolean {
  return runId.endsWith(`-${process.pid}`);
}

function tell(outcome: NightOutcome, json: boolean): void {
  const summary = nightSummary(outcome);
  process.stdout.write(json ? `${JSON.stringify({ ...outcome, summary }, null, 2)}\n` : `${summary}\n`);
  if (process.env['GITHUB_ACTIONS'] !== 'true') return;
  const folders = outcome.pairs.flatMap(({ folder }) => folder ?? []);
  const parts = folders.map((folder) => readFileSync(path.join(folder, markdown.file), 'utf8'));
  addToJobPage([summary, ...parts].join('\n\n'));
}

function printSchedule(scheduler: Scheduler): number {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const checkout = path.join(root, 'gatecrash');
  const program = existsSync(checkout) ? checkout : 'npx gatecrash';
  const files = scheduleFiles(scheduler, { folder: process.cwd(), program });
  process.stdout.write(files.map(({ text }) => text).join('\n'));
  return 0;
}
