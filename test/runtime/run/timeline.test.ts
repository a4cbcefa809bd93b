/** A timeline played on a real etcd: after a proof, again and again, several at once, and stopped in the middle. */
import { Etcd3 } from 'etcd3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../../../harness/model/history.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import type { Stage } from '../../../harness/run/play-step.ts';
import { playTimeline, prepareTimeline } from '../../../harness/run/play-timeline.ts';
import { together } from '../../../harness/run/together.ts';
import { trialRoutes } from '../../../harness/run/trial-routes.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import type { Fault, Scenario, Step } from '../../../scenarios/scenario.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

type Edge = Extract<Observation, { kind: 'fault' }>;

let started: TrialWorld;
beforeEach(async () => {
  started = await startTrialWorld();
});
afterEach(() => started[Symbol.asyncDispose]());

interface Play {
  readonly edges: readonly Edge[];
  readonly journal: readonly string[];
  /** Why it ended early; undefined when it was played to its end. */
  readonly failure: unknown;
}

/** `stop` is told of each edge as it is recorded. */
async function play(timeline: readonly Step[], stop?: (edge: Edge, stopping: AbortController) => void): Promise<Play> {
  const [sample] = catalogue;
  if (sample === undefined) throw new Error('the catalogue is empty');
  const scenario: Scenario = { ...sample, timeline, phases: { ...sample.phases, fault: '6s' } };
  const stopping = new AbortController();
  const memory = memoryRecorder();
  const journal: string[] = [];
  const recorder: typeof memory = {
    ...memory,
    record(observation) {
      memory.record(observation);
      if (observation.kind === 'fault') stop?.({ atMs: 0, ...observation }, stopping);
    },
  };
  const stage: Stage = {
    world: started.world,
    routes: trialRoutes(new RouteTable({ settled: 1, ballast: 0, probes: 0 }), recorder),
    recorder,
    seed: 1,
    journal: { write: (edge, step, fault, turn) => void journal.push(`${edge} ${step} ${fault} ${turn ?? '-'}`) },
  };
  await prepareTimeline(scenario, stage, stopping.signal);
  const failure: unknown = await together(stopping.signal, playTimeline(scenario, stage)).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { edges: memory.history.filter((o): o is Edge => o.kind === 'fault'), journal, failure };
}

const at = (edges: readonly Edge[], step: number, edge: Edge['edge'], turn?: number): number =>
  edges.find((each) => each.step === step && each.edge === edge && each.turn === turn)?.atMs ?? Number.NaN;

/** Takes puts and holds no storm. */
async function expectHealed(): Promise<void> {
  const client = new Etcd3({ hosts: started.world.etcd.origin });
  await client.put('/well').value('yes');
  client.close();
  expect(labelled(started.runId).filter(({ command }) => command.includes('storm'))).toEqual([]);
}

const flood: Fault = { kind: 'routes.flood', changesPerSecond: 50, paths: 'same' };

test('a step begins after the proof of another, and both hold at one time', async () => {
  const { edges, failure } = await play([
    { after: 'full', at: '100ms', hold: '2s', fault: { kind: 'etcd.pause' } },
    { id: 'full', at: '300ms', hold: '4s', fault: { kind: 'etcd.nospace' } },
  ]);
  expect(failure).toBeUndefined();
  const proof = at(edges, 1, 'verified');
  expect(at(edges, 0, 'inject')).toBeGreaterThanOrEqual(proof + 99);
  expect(at(edges, 0, 'verified')).toBeLessThan(at(edges, 1, 'heal'));
  await expectHealed();
});

test('a step that repeats: injected, proven, held and healed each time, at its time, with its number', async () => {
  const { edges, journal, failure } = await play([
    { at: '0s', hold: '1500ms', repeat: { gap: '400ms', times: 3 }, fault: { kind: 'etcd.pause' } },
    // A storm is a process of its own each time.
    { at: '5500ms', hold: '3s', repeat: { gap: '300ms', times: 2 }, fault: flood },
  ]);
  expect(failure).toBeUndefined();
  for (const turn of [1, 2, 3]) {
    const order = (['inject', 'verified', 'heal', 'healed'] as const).map((edge) => at(edges, 0, edge, turn));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(at(edges, 0, 'heal', turn) - at(edges, 0, 'inject', turn)).toBeGreaterThanOrEqual(1_499);
    if (turn > 1) expect(at(edges, 0, 'inject', turn)).toBeGreaterThan(at(edges, 0, 'healed', turn - 1));
    expect(at(edges, 0, 'inject', turn) - at(edges, 0, 'inject', 1)).toBeGreaterThanOrEqual((turn - 1) * 1_900 - 1);
  }
  expect(edges.filter(({ step }) => step === 0).every(({ turns }) => turns === 3)).toBe(true);
  expect(journal.filter((line) => line.includes(' 1 '))).toEqual(
    [1, 2].flatMap((turn) => ['intent', 'injected', 'healed'].map((edge) => `${edge} 1 routes.flood ${turn}`)),
  );
  await expectHealed();
});

test('what waits for a proof that never comes is never injected', async () => {
  const { edges, failure } = await play([
    // No storm makes a million changes a second.
    { id: 'nothing', at: '0s', hold: '400ms', fault: { ...flood, changesPerSecond: 1e6 } },
    { after: 'nothing', at: '0s', hold: '100ms', fault: { kind: 'etcd.pause' } },
  ]);
  expect(String(failure)).toContain('planned were 1000000');
  expect(edges.filter(({ step }) => step === 1)).toEqual([]);
  await expectHealed();
});

test('a stop in the second turn heals what holds, and what waits is not begun', async () => {
  const { edges, journal, failure } = await play(
    [
      { id: 'full', at: '0s', hold: '2s', repeat: { gap: '100ms', times: 4 }, fault: { kind: 'etcd.nospace' } },
      { after: 'full', at: '10s', hold: '2s', fault: { kind: 'etcd.pause' } },
    ],
    ({ edge, turn }, stopping) => {
      if (edge === 'verified' && turn === 2) stopping.abort(new Error('enough'));
    },
  );
  expect(failure).toBeDefined();
  expect(
    journal.map((line) =>
      line
        .split(' ')
        .filter((word) => word !== 'etcd.nospace')
        .join(' '),
    ),
  ).toEqual([1, 2].flatMap((turn) => ['intent', 'injected', 'healed'].map((edge) => `${edge} 0 ${turn}`)));
  expect(edges.some(({ step }) => step === 1)).toBe(false);
  await expectHealed();
});
