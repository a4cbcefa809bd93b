/** Runs a plan from the first process to the saved verdict; shared by `canary` and `run`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { driverOf } from '../gateways/index.ts';
import { judge } from '../judge/judge.ts';
import { HarnessError } from '../model/errors.ts';
import { exitCode, exitCodeOf } from '../model/exit-codes.ts';
import type { Plan, Trial } from '../model/plan.ts';
import { trialFolder } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Progress, type Talk, createProgress } from '../reporters/progress.ts';
import { blockMs, shareMs } from '../run/expected-time.ts';
import { type Journal, openJournal } from '../run/journal.ts';
import { runCanary } from '../run/run-canary.ts';
import { type TrialOutcome, runTrial } from '../run/run-trial.ts';
import { processRuntime } from '../runtimes/process.ts';
import { labelled } from '../runtimes/residue.ts';
import { openHistory } from '../store/history/open-history.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { createRunFolder, newRunId, saveJson } from '../store/run-folder.ts';
import { openTrialLog } from '../store/trial-log.ts';
import { obtainEtcd } from '../tools/etcd.ts';
import { describeEnvironment } from './environment.ts';
import { tellGithub } from './github.ts';
import { keep, kindOf, recordOf } from './history/record-of.ts';
import { stopOnSignals } from './signals.ts';
import { saveVerdict, showVerdict, writeReports } from './verdict-output.ts';

export interface Execution {
  readonly plan: Plan;
  /** Run folder; `runs/<id>` when undefined. */
  readonly out: string | undefined;
  readonly json: boolean;
  readonly maxTimeMs: number | undefined;
  readonly talk?: Talk;
  /** A history database that also keeps it. */
  readonly history?: string | undefined;
}

/** What was played; no verdict when it was interrupted. */
export interface Played {
  readonly folder: string;
  readonly verdict: Verdict | undefined;
}

interface Run extends Execution {
  readonly runId: string;
  readonly folder: string;
  readonly scratch: string;
  readonly etcd: string;
  readonly journal: Journal;
  readonly progress: Progress;
}

/** Plays the plan and tells its verdict; resolves with the exit code. */
export async function execute(execution: Execution): Promise<number> {
  const { json, history } = execution;
  // Now, and not after hours of work, is the time to hear that it cannot be written.
  if (history !== undefined) openHistory(history).close();
  const { folder, verdict } = await playPlan(execution);
  if (verdict === undefined) return exitCode.interrupted;
  showVerdict(folder, verdict, json);
  tellGithub(folder, verdict);
  if (history !== undefined) keep(history, recordOf(folder, { kind: kindOf(execution.plan), night: null }));
  return exitCodeOf(verdict.decision);
}

/**
 * From the first process to the saved verdict. Evidence written so far stays, whatever happens. A run folder `unfinished`
 * is gone on with: its plan is played from where its evidence ends.
 */
export async function playPlan(execution: Execution, unfinished?: string): Promise<Played> {
  const progress = createProgress({
    stream: process.stderr,
    tty: process.stderr.isTTY,
    talk: execution.talk ?? 'usual',
  });
  const etcd = await obtainEtcd((text) => progress.note(text));
  const startedAt = new Date();
  const runId = newRunId(startedAt, process.pid);
  const folder = unfinished ?? createRunFolder(execution.out ?? path.join('runs', runId));
  const scratch = mkdtempSync(path.join(tmpdir(), `gatecrash-${runId}-`));
  using undo = new DisposableStack();
  undo.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const journal = undo.use(openJournal(folder));
  const signals = undo.use(stopOnSignals((text) => progress.note(text)));
  journal.write({ kind: 'run', runId, pid: process.pid, scratch });
  if (unfinished === undefined) {
    // The plan last: a folder with a plan is a whole one.
    saveJson(folder, 'environment.json', describeEnvironment(etcd, startedAt));
    saveJson(folder, 'plan.json', execution.plan);
  }

  const run: Run = { ...execution, runId, folder, scratch, etcd: etcd.path, journal, progress };
  const verdict = await play(run, signals.signal);
  noResidue(runId);
  journal.write({ kind: 'end' });
  if (verdict === undefined) {
    progress.note(`interrupted; everything was healed and ended; partial evidence is in ${folder}`);
    return { folder, verdict };
  }
  saveVerdict(folder, verdict);
  writeReports(folder, verdict);
  return { folder, verdict };
}

/** The verdict, or undefined when the run was interrupted. */
async function play(run: Run, stop: AbortSignal): Promise<Verdict | undefined> {
  const { plan, folder, progress } = run;
  const started = performance.now();
  const trials = plan.scenarios.reduce(
    (sum, { blocks, looks }) => sum + (looks[0]?.blocks ?? 0) * (blocks[0]?.order.length ?? 0),
    0,
  );
  const expectedMs = plan.scenarios.reduce(
    (sum, scenario) => sum + (scenario.looks[0]?.blocks ?? 0) * blockMs(scenario),
    0,
  );
  progress.start(trials, expectedMs);
  const judged = (): { evidence: ReturnType<typeof readEvidence>; verdict: Verdict } => {
    const evidence = readEvidence(folder);
    return { evidence, verdict: judge(evidence) };
  };
  const outOfTime = (): boolean => run.maxTimeMs !== undefined && performance.now() - started > run.maxTimeMs;
  try {
    return await runCanary(plan, { runTrial: (trial, stop) => oneTrial(run, trial, stop), judged, outOfTime }, stop);
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  } finally {
    progress.end();
  }
}

async function oneTrial(run: Run, trial: Trial, stop: AbortSignal): Promise<TrialOutcome> {
  const { scenario, block, arm, build } = trial;
  const name = trialFolder(scenario.name, block.block, arm);
  using log = openTrialLog(run.folder, trial);
  const runtime = processRuntime({
    runId: run.runId,
    logs: path.join(log.folder, 'logs'),
    onLaunch: (process, pid) => run.journal.write({ kind: 'process', trial: name, name: process, pid }),
  });
  const deps = {
    log,
    deployment: {
      build,
      driver: driverOf(build),
      scenario,
      runtime,
      etcd: run.etcd,
      folder: log.folder,
      scratch: run.scratch,
    },
    journal: {
      write: (edge: 'intent' | 'injected' | 'healed', step: number, fault: string) =>
        run.journal.write({ kind: 'fault', trial: name, step, fault, edge }),
    },
    onPhase: (phase: string) => run.progress.phase(scenario.name, block.block, arm, phase),
  };
  run.progress.trial(scenario.name, block.block, arm, shareMs(scenario, block.order.length));
  const outcome = await runTrial(trial, deps, stop);
  run.progress.finished(scenario.name, block.block, arm, outcome.state, outcome.reason);
  return outcome;
}

/** What is left of a run after its end fails it loudly: it would disturb whatever runs next. */
function noResidue(runId: string): void {
  const left = labelled(runId);
  if (left.length === 0) return;
  const list = left.map(({ pid, command }) => `${pid} ${command}`).join('\n');
  throw new HarnessError('RESIDUE', `processes of the run are left:\n${list}`, {
    hint: `run gatecrash clean --run ${runId}`,
  });
}
