/**
 * The story of one trial: deploy → route table → ready → warm-up → baseline → fault → settle → final reads → cold tail,
 * where the scenario has one → tear down.
 * Everything else of `run/` is called from here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoadOptions, Tally } from '../load/load-messages.ts';
import { playEdits, writeObjects } from '../load/conformance-objects.ts';
import type { LoadRun } from '../load/engine.ts';
import { engineFor } from '../load/engines.ts';
import { keepTable } from '../load/kept-table.ts';
import { seedTable } from '../load/seed-table.ts';
import { runWriter } from '../load/writer.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { HarnessError, doingOfGateway, gatewayWorkload, wordsOf } from '../model/errors.ts';
import type { PhaseLatency } from '../model/evidence.ts';
import type { Phase } from '../model/history.ts';
import type { Trial } from '../model/plan.ts';
import type { Gateway, World } from '../model/ports.ts';
import { type RouteTable, createRouteTable } from '../model/route-table.ts';
import { samples } from '../model/samples.ts';
import type { TrialLog } from '../model/trial-log.ts';
import { connectAllWorkers } from '../probes/all-workers.ts';
import { askConformance } from '../probes/conformance/ask.ts';
import { takeProfiles } from '../probes/cpu-profiles.ts';
import { awaitConvergence, finalReads } from '../probes/final-reads.ts';
import { keepMetricsPage } from '../probes/metrics-page.ts';
import { recordPressure } from '../probes/pressure.ts';
import { watchResources } from '../probes/resources.ts';
import { followWrites } from '../probes/visibility.ts';
import type { Workers } from '../probes/workers.ts';
import { allGateways } from './beside.ts';
import { coldTail } from './cold-tail.ts';
import { type Deployment, deploy } from './deploy.ts';
import { type Guard, loadGuards } from './guards.ts';
import { type HarmWatch, watchHarm } from './harm-watch.ts';
import type { Stage, StepJournal } from './play-step.ts';
import { playTimeline, prepareTimeline } from './play-timeline.ts';
import { derive } from './seed.ts';
import { type Activity, together } from './together.ts';
import { trialRoutes } from './trial-routes.ts';
import { waitUntil } from './wait.ts';

export interface TrialOutcome {
  readonly state: 'completed' | 'invalid' | 'aborted';
  readonly reason?: string;
}

export interface TrialDeps {
  readonly deployment: Deployment;
  readonly log: TrialLog;
  readonly journal: StepJournal;
  /** Path of the program, where the plan needs one. */
  readonly k6: string | undefined;
  readonly onPhase: (phase: Phase) => void;
  /** Whether so many requests went wrong that nothing more needs to be known of the trial. */
  readonly isGrossHarm: (tally: Tally) => boolean;
}

const gatewayReadyWithinMs = 20_000;
const notServing = 'the gateway is ready but does not serve the route table';

/** Never rejects: a trial whose conditions were not met is invalid, with the reason in its evidence. */
export async function runTrial(trial: Trial, deps: TrialDeps, stop: AbortSignal): Promise<TrialOutcome> {
  const outcome = await attempt(trial, deps, stop);
  deps.log.end(outcome.state, outcome.reason);
  return outcome;
}

async function attempt(trial: Trial, deps: TrialDeps, stop: AbortSignal): Promise<TrialOutcome> {
  const harm = watchHarm(trial.scenario, deps);
  try {
    const guards = await tell(trial, deps, harm, AbortSignal.any([stop, harm.signal]));
    for (const { guard, detail } of guards) deps.log.recorder.record({ kind: 'guard', guard, detail });
    if (guards.length === 0) return { state: 'completed' };
    return { state: 'invalid', reason: guards.map(({ guard, detail }) => `${guard}: ${detail}`).join('; ') };
  } catch (error) {
    if (harm.found !== undefined && !stop.aborted) {
      // What it was ended for is its result; all that it had broken was healed on the way out.
      deps.log.recorder.record({ kind: 'gross-harm', ...harm.found });
      return { state: 'completed' };
    }
    const detail = doingOfGateway(error);
    if (detail !== undefined && !stop.aborted) deps.log.recorder.record({ kind: 'down', detail });
    const reason = wordsOf(error);
    return { state: stop.aborted ? 'aborted' : 'invalid', reason };
  }
}

async function tell(trial: Trial, deps: TrialDeps, harm: HarmWatch, stop: AbortSignal): Promise<readonly Guard[]> {
  enter(deps, 'deploy');
  await using deployed = await deploy(deps.deployment, stop);
  const table = createRouteTable(trial.scenario);
  const { log, journal } = deps;
  const { recorder } = log;
  const world: World = { ...deployed, kept: keepTable(deployed, table, recorder) };
  const seed = derive(trial.block.seed, 'faults');
  const stage: Stage = { world, routes: trialRoutes(table, recorder), recorder, journal, seed };
  const latency = await whileAlive(world, stop, async (signal) => {
    // Before the wait for the gateway, in whose shadow a thread starts for nothing.
    const host = { ...world, k6: deps.k6, signal };
    const engine = engineFor(trial.scenario.load);
    await using load = await engine.start(loadOptions(trial, world, table), host, recorder, harm.look);
    const { conformance } = trial.scenario;
    if (conformance !== undefined) await writeObjects(world, conformance);
    await seedTable(world, table, signal);
    recorder.record({ kind: 'sample', metric: samples.tableRoutes, value: table.initial.length });
    const gateways = await allGateways(trial.scenario, world, signal);
    await prepareTimeline(trial.scenario, stage, signal);
    await Promise.all(gateways.map((gateway) => ready(gateway, signal)));
    await using workers = await connectAllWorkers(gateways, signal);
    const start = { table, workers, healedAtMs: recorder.now(), withinMs: gatewayReadyWithinMs };
    const served = await awaitConvergence(start, recorder, signal);
    if (!served) throw new HarnessError('GATEWAY_NOT_READY', notServing, { workload: gatewayWorkload });
    const ask = async (when: 'before' | 'after' | 'cold'): Promise<void> => {
      if (conformance !== undefined) await askConformance(world.gateway, conformance, when, recorder, signal);
    };
    await ask('before');
    // Awaited here: what the driving uses is disposed when this function ends.
    const { latency, converged } = await drive(trial, { stage, table, workers, load }, deps, signal);
    await ask('after');
    await recordPressure(world.link, recorder);
    // Whoever is behind already has shown it, and would only be waited for again.
    if (trial.scenario.tail === 'cold' && converged) {
      enter(deps, 'tail');
      await coldTail({ scenario: trial.scenario, stage, table, workers }, signal);
      await ask('cold');
    }
    return latency;
  });
  enter(deps, 'teardown');
  log.saveLatency(latency);
  return loadGuards(trial.scenario, latency);
}

function loadOptions({ scenario, block }: Trial, world: World, table: RouteTable): LoadOptions {
  const targets = table.settled.map(({ id, ...at }) => ({ route: id, ...at }));
  return { traffic: world.gateway.traffic.origin, targets, seed: derive(block.seed, 'load'), ...scenario.load };
}

interface Driving {
  readonly stage: Stage;
  readonly table: RouteTable;
  readonly workers: Workers;
  readonly load: LoadRun;
}

/** From the first request to the last read. */
async function drive(
  trial: Trial,
  { stage, table, workers, load }: Driving,
  deps: TrialDeps,
  stop: AbortSignal,
): Promise<{ readonly latency: readonly PhaseLatency[]; readonly converged: boolean }> {
  const { scenario, block } = trial;
  const { recorder } = deps.log;
  await phase(deps, load, 'warmup', scenario.phases.warmup, stop);

  let latency: readonly PhaseLatency[] = [];
  let converged = false;
  const writing = new AbortController();
  const following = new AbortController();
  const { world } = stage;
  const writer = { world, table, writes: scenario.writes, seed: derive(block.seed, 'writes') };
  const watched = { pid: world.gateway.instance.pid, link: world.link };
  const again = scenario.expectations.some(
    (one) => one.kind === 'invariant' && (one.oracle === 'monotonic' || one.oracle === 'no-resurrection'),
  );
  await together(stop, [
    (signal) => runWriter(writer, recorder, AbortSignal.any([signal, writing.signal])),
    (signal) => followWrites({ table, workers, again }, recorder, AbortSignal.any([signal, following.signal])),
    (signal) => watchResources(watched, recorder, AbortSignal.any([signal, following.signal])),
    async (signal) => {
      await phase(deps, load, 'baseline', scenario.phases.baseline, signal);
      // Every step of the timeline, and the rest of its time. Everything is healed when it resolves.
      const length = (signal: AbortSignal): Promise<void> => phase(deps, load, 'fault', scenario.phases.fault, signal);
      const profiling = (signal: AbortSignal): Promise<void> =>
        takeProfiles({ gateway: world.gateway, workers }, scenario, deps.log, signal);
      const extra = trial.profiled === true ? [profiling] : [];
      await together(signal, [length, ...playTimeline(scenario, stage), ...asking(scenario, stage), ...extra]);
      const healedAtMs = recorder.now();
      const deadlineMs = healedAtMs + milliseconds(scenario.convergeWithin);
      await phase(deps, load, 'settle', scenario.phases.settle, signal);
      writing.abort();
      // Before the wait for convergence, so that the load of every arm lasts equally long.
      latency = await load.finish();
      const rest = { table, workers, healedAtMs, withinMs: deadlineMs - recorder.now() };
      converged = await awaitConvergence(rest, recorder, signal);
      following.abort();
    },
  ]);
  enter(deps, 'final-reads');
  await finalReads({ table, workers }, recorder, stop);
  await keepMetricsPage(world.gateway, world.folder, stop);
  return { latency, converged };
}

/** What is changed and asked during the fault, beside the load. */
function asking({ conformance }: Scenario, { world, recorder }: Stage): readonly Activity[] {
  if (conformance === undefined) return [];
  return [
    (signal) => playEdits(world, conformance, signal),
    (signal) => askConformance(world.gateway, conformance, 'during', recorder, signal),
  ];
}

async function phase(deps: TrialDeps, load: LoadRun, name: Phase, length: string, signal: AbortSignal): Promise<void> {
  enter(deps, name);
  load.enter(name);
  // The length of a phase is the experiment itself, not a guess at when something is ready.
  await sleep(milliseconds(length), undefined, { signal });
}

function enter(deps: TrialDeps, phase: Phase): void {
  deps.log.recorder.record({ kind: 'phase', phase });
  deps.onPhase(phase);
}

function ready(gateway: Gateway, signal: AbortSignal): Promise<void> {
  const wait = {
    what: 'the gateway did not get ready',
    code: 'GATEWAY_NOT_READY',
    withinMs: gatewayReadyWithinMs,
    workload: gatewayWorkload,
  } as const;
  return waitUntil(wait, (signal) => gateway.ready(signal), signal);
}

/** Runs the story for as long as everything it stands on lives: the first death ends it, with that death's words. */
async function whileAlive<T>(world: World, stop: AbortSignal, story: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const dead = new AbortController();
  world.died.catch((error: unknown) => dead.abort(error));
  try {
    return await story(AbortSignal.any([stop, dead.signal]));
  } catch (error) {
    throw dead.signal.aborted ? dead.signal.reason : error;
  }
}
