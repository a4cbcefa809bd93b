/** Looks at the run folders for runs that are under way. Everything comes from files: whoever looks may be restarted. */
import { closeSync, existsSync, fstatSync, globSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { isHarness } from '../model/harness-process.ts';
import type { Observation, Phase } from '../model/history.ts';
import type { EndedTrial, LiveRun, LiveSecond, LiveTrial } from '../model/live-run.ts';
import type { Plan } from '../model/plan.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { TrialRecord } from './trial-log.ts';

/** Seconds of load that are shown. */
const shownSeconds = 120;

/** A trial of a run, as its folder and the plan tell of it. */
interface Trial {
  readonly folder: string;
  readonly record: TrialRecord;
  readonly asked: Scenario | undefined;
  readonly profiled: boolean;
}

/** Remembers how far it has read each history, so that looking costs no more than what is new. */
export class LiveRuns {
  readonly #runs: string;
  readonly #trials = new Map<string, TrialTail>();
  /** Journals that told of nothing under way, by the time of their last change. */
  readonly #quiet = new Map<string, number>();

  /** `runs`: the folder of the run folders. */
  constructor(runs: string) {
    this.#runs = runs;
  }

  /** Runs whose process lives, by the name of their folder. */
  look(): readonly LiveRun[] {
    const folders = globSync(path.join(this.#runs, '*', 'journal.ndjson')).map((file) => path.dirname(file));
    const living = folders.filter((folder) => this.#isUnderWay(folder)).toSorted();
    const runs = living.flatMap((folder) => this.#runOf(folder));
    for (const folder of this.#trials.keys())
      if (!living.some((run) => folder.startsWith(run + path.sep))) this.#trials.delete(folder);
    return runs;
  }

  /** A run that was killed may be gone on with: its journal then changes. */
  #isUnderWay(folder: string): boolean {
    const { mtimeMs } = statSync(path.join(folder, 'journal.ndjson'));
    if (this.#quiet.get(folder) === mtimeMs) return false;
    const underWay = isUnderWay(folder);
    if (!underWay) this.#quiet.set(folder, mtimeMs);
    return underWay;
  }

  #runOf(folder: string): readonly LiveRun[] {
    const plan = json(path.join(folder, 'plan.json')) as Plan | undefined;
    if (plan === undefined) return [];
    const trials = globSync(path.join(folder, '{trials,profiles}', '*', 'trial.json')).flatMap((file): Trial[] => {
      const record = json(file) as TrialRecord | undefined;
      const asked = plan.scenarios.find(({ scenario }) => scenario.name === record?.scenario)?.scenario;
      const profiled = path.basename(path.dirname(path.dirname(file))) === 'profiles';
      return record === undefined ? [] : [{ record, asked, profiled, folder: path.dirname(file) }];
    });
    const running = trials.filter(({ record }) => record.state === undefined);
    const planned = plan.scenarios.map(({ looks, blocks }) => (looks[0]?.blocks ?? 0) * (blocks[0]?.order.length ?? 0));
    return [
      {
        id: path.basename(folder),
        stable: plan.builds.stable.name,
        canary: plan.builds.canary.name,
        planned: planned.reduce((a, b) => a + b, 0),
        running: running.map((trial) => this.#liveTrial(trial)),
        ended: trials.toSorted((a, b) => endMs(a) - endMs(b)).flatMap(endedOf),
      },
    ];
  }

  #liveTrial({ folder, record: { scenario, block, arm }, asked, profiled }: Trial): LiveTrial {
    const tail = this.#trials.get(folder) ?? new TrialTail(path.join(folder, 'history.ndjson'));
    this.#trials.set(folder, tail);
    tail.read();
    const { phase, inPhaseMs, seconds } = tail;
    return { scenario, block, arm, profiled, asked, phase, inPhaseMs, faults: [...tail.faults.values()], seconds };
  }
}

/** Names tell nothing of the order in which a block was played. */
function endMs({ record: { startedAt, tookMs = 0 } }: Trial): number {
  return Date.parse(startedAt) + tookMs;
}

function endedOf({ record: { scenario, block, arm, state, reason }, profiled }: Trial): readonly EndedTrial[] {
  return state === undefined ? [] : [{ scenario, block, arm, state, reason, profiled }];
}

/** The harness writes `end` last; one that was killed wrote none, and is not there any more. */
function isUnderWay(folder: string): boolean {
  const lines = readFileSync(path.join(folder, 'journal.ndjson'), 'utf8').trimEnd().split('\n');
  const begun = lines.findLast((line) => line.includes('"kind":"run"'));
  const pid = /"pid":(\d+)/.exec(begun ?? '')?.[1];
  if (pid === undefined || lines.at(-1)?.includes('"kind":"end"') === true) return false;
  return existsSync(`/proc/${pid}`) && isHarness(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
}

/** A file that is being written may be half there: then it is read the next time. */
function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The end of a history that grows. */
class TrialTail {
  phase: Phase = 'deploy';
  inPhaseMs = 0;
  readonly faults = new Map<number, string>();
  seconds: readonly LiveSecond[] = [];
  readonly #file: string;
  #read = 0;
  #phaseAtMs = 0;
  #rest = '';

  constructor(file: string) {
    this.#file = file;
  }

  read(): void {
    if (!existsSync(this.#file)) return;
    const file = openSync(this.#file, 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - this.#read));
      this.#read += readSync(file, bytes, 0, bytes.length, this.#read);
      const lines = (this.#rest + bytes.toString('utf8')).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#take(JSON.parse(line) as Observation);
    } finally {
      closeSync(file);
    }
  }

  #take(o: Observation): void {
    if (o.kind === 'phase') [this.phase, this.#phaseAtMs] = [o.phase, o.atMs];
    this.inPhaseMs = Math.max(0, o.atMs - this.#phaseAtMs);
    if (o.kind === 'fault' && o.edge === 'inject') this.faults.set(o.step, o.fault.kind);
    if (o.kind === 'fault' && o.edge === 'healed') this.faults.delete(o.step);
    if (o.kind !== 'load') return;
    const errors = Object.values(o.errors).reduce((a, b) => a + b, 0);
    const second = { second: Math.round(o.atMs / 1_000), ok: o.ok, errors, p99Ms: o.p99Ms };
    this.seconds = [...this.seconds, second].slice(-shownSeconds);
  }
}
