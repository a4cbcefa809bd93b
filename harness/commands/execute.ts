/** Runs a plan from the first process to the saved verdict; shared by `canary` and `run`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Stage, lacksFor } from '../faults/lacks.ts';
import { asPlayed, standInsOf } from '../faults/stand-ins.ts';
import { driverOf } from '../gateways/index.ts';
import { judge } from '../judge/judge.ts';
import { isGrossHarm } from '../judge/streams/gross-harm.ts';
import { HarnessError } from '../model/errors.ts';
import type { Skipped } from '../model/evidence.ts';
import { exitCode, exitCodeOf } from '../model/exit-codes.ts';
import type { Plan, Trial } from '../model/plan.ts';
import { trialFolder } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Progress, type Talk, createProgress } from '../reporters/progress.ts';
import { clock } from '../reporters/time-left.ts';
import { decisionWord } from '../reporters/words.ts';
import { blockMs, shareMs } from '../run/expected-time.ts';
import { type Journal, openJournal } from '../run/journal.ts';
import { laterPorts } from '../run/later-ports.ts';
import { runCanary } from '../run/run-canary.ts';
import { type TrialOutcome, runTrial } from '../run/run-trial.ts';
import { postGuardian } from '../runtimes/guardian/post.ts';
import { harnessLives } from '../runtimes/harness-of.ts';
import { leftGroups } from '../runtimes/kernel-group.ts';
import { labelled } from '../runtimes/residue.ts';
import { openHistory } from '../store/history/open-history.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { createRunFolder, newRunId, saveJson, skippedName } from '../store/run-folder.ts';
import { openTrialLog } from '../store/trial-log.ts';
import { describeEnvironment } from './environment.ts';
import { type Equipment, equip } from './equipment.ts';
import { tellGithub } from './github.ts';
import { keep, kindOf, recordOf } from './history/record-of.ts';
import type { Place } from './place.ts';
import { type ProfileWhen, profiledTrials } from './profiled-trials.ts';
import { stopOnSignals } from './signals.ts';
import { testedBy } from './tested.ts';
import { hostWith } from './this-host.ts';
import { saveVerdict, showVerdict, writeReports } from './verdict-output.ts';

export interface Execution {
  readonly plan: Plan;
  /** Run folder; `runs/<id>` when undefined. */
  readonly out: string | undefined;
  readonly json: boolean;
  readonly maxTimeMs: number | undefined;
  readonly talk?: Talk;
  /** When CPU profiles are taken; `regression` by default. */
  readonly profile?: ProfileWhen;
  /** A history database that also keeps it. */
  readonly history?: string | undefined;
}

/** What was played. A run that was interrupted has a verdict only when it was decided already. */
export interface Played {
  readonly folder: string;
  readonly verdict: Verdict | undefined;
  readonly interrupted?: boolean;
}

interface Run extends Execution, Equipment {
  readonly runId: string;
  readonly folder: string;
  readonly scratch: string;
  readonly stage: Stage;
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
  const equipment = await equip(execution.plan, note);
  const { etcd, programs, toxiproxy, place } = equipment;
  noteLeftovers(note);
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
  const guardian = postGuardian({ runId, scratch, folder, containers: place.engine !== undefined });
  const preparation = { scratch, runtime: execution.plan.runtime, note };
  for (const { named, driver } of testedBy(execution.plan)) await driver.prepare?.(named, preparation);
  const stage = { host: hostWith(programs, toxiproxy, execution.plan.runtime), gateways: testedBy(execution.plan) };
  if (unfinished === undefined) {
    // The plan last: a folder with a plan is a whole one.
    saveJson(folder, 'environment.json', describeEnvironment(etcd, place.engine, startedAt));
    saveSkipped(execution.plan, stage, folder, progress);
    saveJson(folder, 'plan.json', execution.plan);
  }

  const run: Run = { ...execution, ...equipment, runId, folder, scratch, stage, journal, progress };
  const verdict = await play(run, stop);
  await guardian.dismiss();
  await noResidue(runId, place);
  journal.write({ kind: 'end' });
  if (verdict === undefined) {
    progress.note(`interrupted; everything was healed and ended; partial evidence is in ${folder}`);
    return { folder, verdict, interrupted: true };
  }
  saveVerdict(folder, verdict);
  writeReports(folder, verdict);
  return { folder, verdict, interrupted: stop.aborted };
}

/** They disturb what is measured; whether they may be ended is for whoever knows this host to say. */
function noteLeftovers(note: (text: string) => void): void {
  const runs = new Set(labelled().flatMap(({ runId }) => (harnessLives(runId) ? [] : [runId])));
  if (runs.size === 0) return;
  note(`processes are left of ${[...runs].join(', ')}, whose harness is gone: gatecrash clean ends them`);
}

/** What cannot be done here is not tried, and is told in the evidence: a plan knows nothing of where it is played. */
function saveSkipped(plan: Plan, stage: Stage, folder: string, progress: Progress): void {
  const skipped = plan.scenarios.flatMap(({ scenario }): Skipped[] => {
    const reason = lacksFor(asPlayed(scenario, stage), stage);
    return reason === undefined ? [] : [{ scenario: scenario.name, reason }];
  });
  for (const { scenario, reason } of skipped) progress.note(`${scenario}: skipped, ${reason}`);
  for (const { scenario } of plan.scenarios)
    for (const { step, fault, by, because } of standInsOf(scenario, stage))
      progress.note(`${scenario.name}: step ${step + 1} (${fault.kind}) is played by ${by.kind}; ${because}`);
  if (skipped.length > 0) saveJson(folder, skippedName, skipped);
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
    const driven = { runTrial: (trial: Trial, stop: AbortSignal) => oneTrial(run, trial, stop), judged, outOfTime };
    const verdict = await runCanary(plan, driven, stop);
    if (!outOfTime()) await takeProfiles(run, verdict, stop);
    return verdict;
  } catch (error) {
    if (stop.aborted) return undefined;
    throw error;
  } finally {
    progress.end();
  }
}

/** The verdict stands by then, and nothing that happens here moves it. */
async function takeProfiles(run: Run, verdict: Verdict, stop: AbortSignal): Promise<void> {
  const trials = profiledTrials(run.plan, verdict, run.profile ?? 'regression');
  const ms = trials.reduce((sum, { scenario }) => sum + shareMs(scenario, 1), 0);
  if (trials.length > 0)
    run.progress.note(
      `decided: ${decisionWord[verdict.decision]}, ${verdict.because}\nstable and canary are driven once more for CPU profiles, about ${clock(ms)} (--no-profile leaves it out)`,
    );
  for (const trial of trials) if (!stop.aborted) await oneTrial(run, trial, stop);
}

async function oneTrial(run: Run, planned: Trial, stop: AbortSignal): Promise<TrialOutcome> {
  const trial = { ...planned, scenario: asPlayed(planned.scenario, run.stage) };
  const { scenario, block, arm, build } = trial;
  const name = trialFolder(trial);
  const shown = trial.profiled ? `${scenario.name}, profiled,` : scenario.name;
  using log = openTrialLog(run.folder, trial);
  await using runtime = run.place.runtimeOf({
    runId: run.runId,
    logs: path.join(log.folder, 'logs'),
    onLaunch: (process, pid) => run.journal.write({ kind: 'process', trial: name, name: process, pid }),
    laterPorts: laterPorts(scenario),
  });
  const deps = {
    log,
    deployment: {
      build,
      production: run.plan.builds.stable,
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
    k6: run.k6,
    isGrossHarm,
    onPhase: (phase: string) => run.progress.phase(shown, block.block, arm, phase),
  };
  run.progress.trial(shown, block.block, arm, shareMs(scenario, trial.profiled ? 1 : block.order.length));
  const outcome = await runTrial(trial, deps, stop);
  run.progress.finished(shown, block.block, arm, outcome.state, outcome.reason);
  return outcome;
}

/** What is left of a run after its end fails it loudly: it would disturb whatever runs next. */
async function noResidue(runId: string, place: Place): Promise<void> {
  const left = [
    ...labelled(runId).map(({ pid, command }) => `${pid} ${command}`),
    ...leftGroups().flatMap((left) => (left.runId === runId ? [left.group] : [])),
    ...(await place.leftOf(runId)),
  ];
  if (left.length === 0) return;
  throw new HarnessError('RESIDUE', `this of the run is left:\n${left.join('\n')}`, {
    hint: `run gatecrash clean --run ${runId}`,
  });
}
