/** Runs a plan from the first process to the saved verdict; shared by `canary` and `run`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lacksFor } from '../faults/lacks.ts';
import { driverOf } from '../gateways/index.ts';
import { judge } from '../judge/judge.ts';
import { isGrossHarm } from '../judge/streams/gross-harm.ts';
import { HarnessError } from '../model/errors.ts';
import type { Skipped } from '../model/evidence.ts';
import { exitCode, exitCodeOf } from '../model/exit-codes.ts';
import type { Plan, Trial } from '../model/plan.ts';
import { trialFolder } from '../model/plan.ts';
import type { EtcdPrograms } from '../model/etcd.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Progress, type Talk, createProgress } from '../reporters/progress.ts';
import { blockMs, shareMs } from '../run/expected-time.ts';
import { type Journal, openJournal } from '../run/journal.ts';
import { runCanary } from '../run/run-canary.ts';
import { type TrialOutcome, runTrial } from '../run/run-trial.ts';
import { postGuardian } from '../runtimes/guardian/post.ts';
import { processRuntime } from '../runtimes/process.ts';
import { labelled } from '../runtimes/residue.ts';
import { openHistory } from '../store/history/open-history.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { createRunFolder, newRunId, saveJson, skippedName } from '../store/run-folder.ts';
import { openTrialLog } from '../store/trial-log.ts';
import { type ToxiproxyFound, hurtHops } from '../run/network.ts';
import { obtainEtcd } from '../tools/etcd.ts';
import { obtainPrograms } from '../tools/etcd-companions.ts';
import { thisHost } from '../tools/this-host.ts';
import { obtainToxiproxy } from '../tools/toxiproxy.ts';
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

/** What was played. A run that was interrupted has a verdict only when it was decided already. */
export interface Played {
  readonly folder: string;
  readonly verdict: Verdict | undefined;
  readonly interrupted?: boolean;
}

interface Run extends Execution {
  readonly runId: string;
  readonly folder: string;
  readonly scratch: string;
  readonly programs: EtcdPrograms;
  readonly toxiproxy: ToxiproxyFound;
  readonly journal: Journal;
  readonly progress: Progress;
}

/** Plays the plan and tells its verdict; resolves with the exit code. */
export async function execute(execution: Execution): Promise<number> {
  const { json, history } = execution;
  // Now, and not after hours of work, is the time to hear that it cannot be written.
  if (history !== undefined) openHistory(history).close();
  const { folder, verdict, interrupted } = await playPlan(execution);
  if (verdict === undefined) return exitCode.interrupted;
  showVerdict(folder, verdict, json);
  tellGithub(folder, verdict);
  if (history !== undefined) keep(history, recordOf(folder, { kind: kindOf(execution.plan), night: null }));
  return interrupted ? exitCode.interrupted : exitCodeOf(verdict.decision);
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
  const note = (text: string): void => progress.note(text);
  const etcd = await obtainEtcd(note);
  const scenarios = execution.plan.scenarios.map(({ scenario }) => scenario);
  const programs = await obtainPrograms(etcd, scenarios, note);
  const toxiproxy = await toxiproxyFor(execution.plan, note);
  const startedAt = new Date();
  const runId = newRunId(startedAt, process.pid);
  using undo = new DisposableStack();
  // Before there is anything that a signal could leave behind.
  const { signal: stop } = undo.use(stopOnSignals((text) => progress.note(text)));
  const folder = unfinished ?? createRunFolder(execution.out ?? path.join('runs', runId));
  const scratch = mkdtempSync(path.join(tmpdir(), `gatecrash-${runId}-`));
  undo.defer(() => rmSync(scratch, { recursive: true, force: true }));
  const journal = undo.use(openJournal(folder));
  journal.write({ kind: 'run', runId, pid: process.pid, scratch });
  const guardian = postGuardian({ runId, scratch, folder });
  if (unfinished === undefined) {
    // The plan last: a folder with a plan is a whole one.
    saveJson(folder, 'environment.json', describeEnvironment(etcd, startedAt));
    saveSkipped(execution.plan, folder, progress);
    saveJson(folder, 'plan.json', execution.plan);
  }

  const run: Run = { ...execution, runId, folder, scratch, programs, toxiproxy, journal, progress };
  const verdict = await play(run, stop);
  await guardian.dismiss();
  noResidue(runId);
  journal.write({ kind: 'end' });
  if (verdict === undefined) {
    progress.note(`interrupted; everything was healed and ended; partial evidence is in ${folder}`);
    return { folder, verdict, interrupted: true };
  }
  saveVerdict(folder, verdict);
  writeReports(folder, verdict);
  return { folder, verdict, interrupted: stop.aborted };
}

/** What this host cannot do is not tried, and is told in the evidence: a plan knows nothing of the host that plays it. */
function saveSkipped({ scenarios }: Plan, folder: string, progress: Progress): void {
  const host = thisHost();
  const skipped = scenarios.flatMap(({ scenario }): Skipped[] => {
    const reason = lacksFor(scenario, host);
    return reason === undefined ? [] : [{ scenario: scenario.name, reason }];
  });
  for (const { scenario, reason } of skipped) progress.note(`${scenario}: skipped, this host cannot do ${reason}`);
  if (skipped.length > 0) saveJson(folder, skippedName, skipped);
}

/** Looked for, and built, only when the plan needs it. Without it only the trials that need it are invalid. */
async function toxiproxyFor({ scenarios }: Plan, note: (text: string) => void): Promise<ToxiproxyFound> {
  if (!scenarios.some(({ scenario }) => hurtHops(scenario).size > 0)) return { why: 'the plan needs no toxiproxy' };
  try {
    return await obtainToxiproxy(note);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'TOXIPROXY_NOT_FOUND') return { why: error.message };
    throw error;
  }
}

/** The verdict, or undefined when the run was interrupted. */
async function play(run: Run, stop: AbortSignal): Promise<Verdict | undefined> {
  const { plan, folder, progress } = run;
  const started = performance.now();
  const { skipped = [] } = readEvidence(folder);
  const tried = plan.scenarios.filter(({ scenario }) => !skipped.some((each) => each.scenario === scenario.name));
  const trials = tried.reduce(
    (sum, { blocks, looks }) => sum + (looks[0]?.blocks ?? 0) * (blocks[0]?.order.length ?? 0),
    0,
  );
  const expectedMs = tried.reduce((sum, scenario) => sum + (scenario.looks[0]?.blocks ?? 0) * blockMs(scenario), 0);
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
      programs: run.programs,
      toxiproxy: run.toxiproxy,
      folder: log.folder,
      scratch: run.scratch,
    },
    journal: {
      write: (edge: 'intent' | 'injected' | 'healed', step: number, fault: string, turn?: number) =>
        run.journal.write({ kind: 'fault', trial: name, step, fault, edge, ...(turn === undefined ? {} : { turn }) }),
    },
    isGrossHarm,
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
