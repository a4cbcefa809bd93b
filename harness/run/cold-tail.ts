/**
 * The cold tail of a trial. What the gateway has learnt by and by it has to learn again: by a full read, in one new worker,
 * and then all of it from nothing. It comes after the final reads, because it makes good what was lost before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { allWorkers } from '../../scenarios/all-workers.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Fault, Scenario, Step } from '../../scenarios/scenario.ts';
import type { World } from '../model/ports.ts';
import type { RouteTable } from '../model/route-table.ts';
import { awaitConvergence, finalReads } from '../probes/final-reads.ts';
import type { Workers } from '../probes/workers.ts';
import { type Stage, type Turn, playTurn, prepareTurn } from './play-step.ts';
import { type Activity, together } from './together.ts';
import { happened } from './wait.ts';

const steps = {
  refuse: step('2500ms', { kind: 'watch.refuse' }),
  cut: step('500ms', { kind: 'watch.cut' }),
  compact: step('2s', { kind: 'etcd.compact', every: '10s' }),
  killWorker: step('10s', { kind: 'gateway.kill', target: 'worker' }),
  killGateway: step('10s', { kind: 'gateway.kill', target: 'gateway' }),
};

/** What is started is wanted: these hold until processes have ended, which on a busy host may take seconds, and no longer. */
const ending: ReadonlySet<keyof typeof steps> = new Set(['killWorker', 'killGateway']);

/** A process of the gateway starts within this time: how long it takes is not the question. Milliseconds. */
const startWithinMs = 20_000;
/** A watch that was refused is tried again within a second or so. Milliseconds. */
const readAnewWithinMs = 5_000;

function step(hold: Step['hold'], fault: Fault): Step {
  return { at: '0s', hold, fault };
}

export interface Tail {
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly table: RouteTable;
  readonly workers: Workers;
}

/** Without load, and with the writer at rest. Resolves when every route was read on every worker once more. */
export async function coldTail({ scenario, stage, table, workers }: Tail, stop: AbortSignal): Promise<void> {
  const { recorder } = stage;
  // Numbered on after those of the timeline.
  const turnOf = (name: keyof typeof steps): Turn => {
    const index = scenario.timeline.length + Object.keys(steps).indexOf(name);
    return { step: steps[name], index, turn: 1, turns: 1, untilProven: ending.has(name) };
  };
  const play = (name: keyof typeof steps, signal: AbortSignal, onProof: () => void = () => undefined): Promise<void> =>
    playTurn(turnOf(name), stage, onProof, signal);
  const converge = (): Promise<boolean> => {
    const withinMs = startWithinMs + milliseconds(scenario.convergeWithin);
    return awaitConvergence({ table, workers, healedAtMs: recorder.now(), withinMs }, recorder, stop);
  };
  await prepareTurn(turnOf('compact'), stage, stop);
  const before = await reads(stage.world);
  await together(stop, losingHistory(stage, play));
  await untilReadAnew(stage.world, before + allWorkers(scenario), stop);
  await play('killWorker', stop);
  if (await converge()) {
    await play('killGateway', stop);
    await converge();
  }
  await finalReads({ table, workers }, recorder, stop);
}

/** Through the link, since it started. */
async function reads({ link }: World): Promise<number> {
  const { grpc, json } = await link.counters();
  return grpc.ranges + json.ranges;
}

async function watchesOpen({ link }: World): Promise<number> {
  const { grpc, json } = await link.counters();
  return grpc.watchesOpen + json.watchesOpen;
}

/**
 * Every worker has to read in full, or the kill that comes next would hide what becomes of that. Only for so long: behind a
 * watch proxy nobody asks etcd itself.
 */
async function untilReadAnew(world: World, wanted: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + readAnewWithinMs;
  while ((await reads(world)) < wanted && performance.now() < deadline) await sleep(20, undefined, { signal });
}

function after(event: AbortController, signal: AbortSignal): Promise<void> {
  return happened(AbortSignal.any([signal, event.signal]), signal);
}

type Play = (name: 'refuse' | 'cut' | 'compact', signal: AbortSignal, onProof?: () => void) => Promise<void>;

/** What was written while the watches were away is not to be had from etcd's history any more. */
function losingHistory({ world }: Stage, play: Play): readonly Activity[] {
  const [refused, cut, written] = [new AbortController(), new AbortController(), new AbortController()];
  return [
    (signal) => play('refuse', signal, () => refused.abort()),
    async (signal) => {
      await after(refused, signal);
      // A quiet watch may have come to its time-out meanwhile: then there is none left to cut.
      if ((await watchesOpen(world)) > 0) await play('cut', signal, () => cut.abort());
      else cut.abort();
    },
    async (signal) => {
      await after(cut, signal);
      // Twice: a table may be one revision, and the newest one is never compacted.
      await world.kept.writeAgain(signal);
      await world.kept.writeAgain(signal);
      written.abort();
    },
    async (signal) => {
      await after(written, signal);
      await play('compact', signal);
    },
  ];
}
