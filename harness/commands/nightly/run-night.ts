/** One night: every pair that has not been run in it yet, its trend, and what it all comes to. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import type { NightAlarm, NightOutcome, PairOutcome } from '../../model/night.ts';
import type { Plan } from '../../model/plan.ts';
import { type Night, endNight } from '../../store/history/nights.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { runsOfNight } from '../../store/history/read-runs.ts';
import { readPlan } from '../../store/read-evidence.ts';
import type { Execution, Played } from '../execute.ts';
import { keep, recordOf } from '../history/record-of.ts';
import { type AlarmDeps, alarmsOf } from './alarms.ts';
import { nightPlan } from './night-plan.ts';
import type { Pair, Suite } from './suite.ts';

export interface NightDeps {
  /** Plays a plan, or what is left of it in the folder of an unfinished run. */
  readonly play: (execution: Execution, unfinished?: string) => Promise<Played>;
  /** Writes into the report of a run what its numbers did over the nights. */
  readonly tellTrends: (suite: Suite, pair: Pair, folder: string) => void;
  /** Ends what a run of this process left although it should not have. */
  readonly clean: () => Promise<void>;
  readonly now: () => Date;
  readonly talk: Execution['talk'];
}

/** Undefined when it was interrupted: the next one goes on from there. */
export async function runNight(
  suite: Suite,
  night: Night,
  deps: NightDeps,
  troubles: readonly string[],
): Promise<NightOutcome | undefined> {
  const pairs: PairOutcome[] = [];
  const alarms: NightAlarm[] = [];
  const broken: string[] = [];
  for (const [index, pair] of suite.pairs.entries()) {
    const left = timeLeft(suite, night, deps.now());
    const share = left === undefined ? undefined : left / (suite.pairs.length - index);
    try {
      const outcome = await pairOutcome(suite, night, pair, deps, share);
      if (outcome === undefined) return undefined;
      pairs.push(outcome);
      const found = await alarmsOf(suite, pair, alarmDeps(suite, night, pair, deps));
      if (found === undefined) return undefined;
      alarms.push(...found);
      // Now, when it is known whether an alarm rang.
      if (outcome.folder !== undefined && isBegun(outcome.folder)) deps.tellTrends(suite, pair, outcome.folder);
    } catch (error) {
      const { code, message } = coded(error);
      broken.push(`${pair.name}: error ${code}: ${message}`);
      if (!pairs.some((outcome) => outcome.pair === pair.name)) pairs.push(untold(pair, `the harness broke: ${code}`));
      await deps.clean();
    }
  }
  using database = openHistory(suite.history);
  endNight(database, night.id, deps.now().toISOString());
  const tookMs = Math.max(0, deps.now().getTime() - Date.parse(night.startedAt));
  return { night: night.id, startedAt: night.startedAt, tookMs, pairs, alarms, troubles: [...troubles, ...broken] };
}

/** What has a code costs a pair; what has none is a mistake of ours, and ends the night. */
function coded(error: unknown): HarnessError {
  if (error instanceof HarnessError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new HarnessError('DISK_FULL', message, { cause: error });
  throw error;
}

/** Milliseconds; a clock that was set back gives no more than the whole budget. */
function timeLeft({ timeBudgetMs }: Suite, night: Night, now: Date): number | undefined {
  if (timeBudgetMs === undefined) return undefined;
  const gone = now.getTime() - Date.parse(night.startedAt);
  return Math.max(0, timeBudgetMs - Math.max(0, gone));
}

/** Of the history when the pair was run before a crash, else of a run; undefined when that was interrupted. */
async function pairOutcome(
  suite: Suite,
  night: Night,
  pair: Pair,
  deps: NightDeps,
  maxTimeMs: number | undefined,
): Promise<PairOutcome | undefined> {
  const done = doneBefore(suite, night, pair);
  if (done !== undefined) return done;
  const folder = path.join(suite.runs, `${night.id}-${pair.name}`);
  if (maxTimeMs === 0 && !isBegun(folder)) return untold(pair, 'not tried: the time budget was used up');
  const played = await playOnce(folder, nightPlan(suite, pair), deps, maxTimeMs);
  if (played.verdict === undefined) return undefined;
  keep(suite.history, recordOf(folder, { kind: 'nightly', night: night.id, pair: pair.name }));
  const { decision, because } = played.verdict;
  return { ...named(pair), decision, because, folder };
}

function doneBefore({ history }: Suite, { id }: Night, pair: Pair): PairOutcome | undefined {
  using database = openHistory(history);
  const run = runsOfNight(database, id).find((each) => each.pair === pair.name && each.kind === 'nightly');
  if (run === undefined) return undefined;
  return { ...named(pair), decision: run.decision, because: run.because, folder: run.folder };
}

/** A run that was killed is gone on with, by the plan that it began with. */
async function playOnce(folder: string, plan: Plan, deps: NightDeps, maxTimeMs: number | undefined): Promise<Played> {
  const begun = isBegun(folder) ? folder : undefined;
  const asked = begun === undefined ? plan : readPlan(path.join(folder, 'plan.json'));
  return deps.play({ plan: asked, out: folder, json: false, maxTimeMs, ...spoken(deps) }, begun);
}

function spoken({ talk }: NightDeps): Pick<Execution, 'talk'> {
  return talk === undefined ? {} : { talk };
}

/** The plan is the last thing that is written when a run begins. */
function isBegun(folder: string): boolean {
  return existsSync(path.join(folder, 'plan.json'));
}

function alarmDeps(suite: Suite, night: Night, pair: Pair, deps: NightDeps): AlarmDeps {
  return {
    night: night.id,
    hasTime: () => timeLeft(suite, night, deps.now()) !== 0,
    again: async (plan) => {
      const folder = path.join(suite.runs, `${night.id}-${pair.name}-again`);
      const played = await playOnce(folder, plan, deps, timeLeft(suite, night, deps.now()));
      if (played.verdict === undefined) return undefined;
      const record = recordOf(folder, { kind: 'recheck', night: night.id, pair: pair.name });
      keep(suite.history, record);
      return record.points;
    },
  };
}

function named({ name, stable, canary }: Pair): Pick<PairOutcome, 'pair' | 'stable' | 'canary'> {
  return { pair: name, stable: stable.name, canary: canary.name };
}

function untold(pair: Pair, because: string): PairOutcome {
  return { ...named(pair), decision: undefined, because, folder: undefined };
}
