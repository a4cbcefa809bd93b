/** Small synthetic evidence: the record of trials that never ran, in the exact form that real ones leave. */
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { plannedLooks } from '../../harness/judge/looks.ts';
import type { Evidence, PhaseLatency, TrialEvidence } from '../../harness/model/evidence.ts';
import type { History, Observation, Phase } from '../../harness/model/history.ts';
import { arms, type Arm, type Look, type Plan } from '../../harness/model/plan.ts';
import { samples } from '../../harness/model/samples.ts';
import type { Scenario } from '../../scenarios/scenario.ts';

/** What one synthetic trial looks like; the defaults are a trial in which nothing is wrong. */
export interface Shape {
  readonly p99Ms: number;
  readonly errors: number;
  readonly requests: number;
  readonly delayMs: number;
  /** How many of the routes written during the fault worker w0 lost for good. */
  readonly lost: number;
  /** Answers to settled routes that were wrong. */
  readonly wrong: number;
  /** Milliseconds until convergence; undefined = it never came. */
  readonly convergedMs: number | undefined;
  readonly state: TrialEvidence['state'];
  readonly reason: string | undefined;
  /** Config writes, evenly over baseline, fault and settling. */
  readonly writes: number;
  /** Of the gateway: processor time for a request, memory kept for each config write. */
  readonly cpuMicros: number;
  readonly keptKiB: number;
  /** Requests to etcd for each config write, of 2 KiB each. */
  readonly etcdRequests: number;
  /** Share of the host's time that went to others. */
  readonly stolen: number;
  /** The wall clock is set by so much in the middle of the fault. */
  readonly clockStepMs: number;
}

const calm: Shape = {
  p99Ms: 5,
  errors: 0,
  requests: 12_000,
  delayMs: 20,
  lost: 0,
  wrong: 0,
  convergedMs: 500,
  state: 'completed',
  reason: undefined,
  writes: 30,
  cpuMicros: 100,
  keptKiB: 1,
  etcdRequests: 2,
  stolen: 0,
  clockStepMs: 0,
};

const workers: readonly string[] = ['w0', 'w1'];
const phaseStarts: readonly (readonly [Phase, number])[] = [
  ['deploy', 0],
  ['warmup', 100],
  ['baseline', 1_100],
  ['fault', 3_100],
  ['settle', 6_100],
  ['final-reads', 9_100],
  ['teardown', 9_900],
];

/** A trial; `edit` may change its history. */
export function trial(
  scenario: Scenario,
  block: number,
  arm: Arm,
  shape: Partial<Shape> = {},
  edit: (history: History) => History = (history) => history,
): TrialEvidence {
  const full = { ...calm, ...shape };
  return {
    scenario: scenario.name,
    block,
    arm,
    seed: block,
    startedAt: '2026-01-01T12:00:00.000Z',
    folder: `trials/${scenario.name}-${block}-${arm}`,
    state: full.state,
    ...(full.reason === undefined ? {} : { reason: full.reason }),
    history: edit(history(scenario, full)),
    latency: [latency('baseline', full, 0.5), latency('fault', full, 0.5), latency('settle', full, 0.5)],
  };
}

/** Evidence of the given blocks: `shapes(scenario, block, arm)` says what each trial looked like. */
export function evidence(
  scenarios: readonly Scenario[],
  blocks: number,
  shapes: (arm: Arm, block: number, scenario: Scenario) => Partial<Shape> = () => ({}),
  looks: readonly Look[] = plannedLooks(scenarios.length),
): Evidence {
  const trials = scenarios.flatMap((scenario) =>
    Array.from({ length: blocks }, (_, i) => i + 1)
      .map((block) => arms.map((arm) => trial(scenario, block, arm, shapes(arm, block, scenario))))
      .flat(),
  );
  return { plan: plan(scenarios, looks), trials };
}

function plan(scenarios: readonly Scenario[], looks: readonly Look[]): Plan {
  const stable = { name: 'reference@.', gateway: 'reference', version: '.', variants: [] };
  const canary = { ...stable, name: 'reference@.+suspect', variants: ['suspect'] };
  const last = looks.at(-1)?.blocks ?? 0;
  return {
    schema: 1,
    seed: 7,
    runtime: 'process',
    builds: { stable, twin: stable, canary },
    scenarios: scenarios.map((scenario) => ({
      scenario,
      looks,
      blocks: Array.from({ length: last }, (_, i) => ({ block: i + 1, seed: i + 1, order: arms })),
    })),
    hash: 'plan-hash',
  };
}

function latency(phase: Phase, shape: Shape, share: number): PhaseLatency {
  const planned = Math.round(shape.requests * share);
  const wrong = Math.round(shape.errors * share);
  const histogram = build({ highestTrackableValue: 60_000_000 });
  const tail = Math.ceil(planned * 0.015);
  if (planned > tail) histogram.recordValueWithCount(Math.round(shape.p99Ms * 500), planned - tail);
  if (tail > 0) histogram.recordValueWithCount(Math.round(shape.p99Ms * 1_000), tail);
  return {
    phase,
    histogram: encodeIntoCompressedBase64(histogram),
    planned,
    sent: planned,
    ok: planned - wrong,
    errors: wrong === 0 ? {} : { '503': wrong },
    sendLatenessP99Ms: 0.4,
  };
}

function history(scenario: Scenario, shape: Shape): History {
  const { lost, wrong, convergedMs } = shape;
  const everyMs = 7_500 / shape.writes;
  const writes = Array.from({ length: shape.writes }, (_, i) => {
    return { route: `r${i}`, seq: 100 + i, at: 1_200 + i * everyMs };
  });
  const during = writes.filter(({ at }) => at > 3_100 && at < 6_000);
  const lostRoutes = new Set(during.slice(0, lost).map(({ route }) => route));
  const observations: Observation[] = [
    ...phaseStarts.map(([phase, atMs]) => ({ kind: 'phase', phase, atMs }) as const),
    ...scenario.timeline.flatMap(({ fault }, step) =>
      (['inject', 'verified', 'heal', 'healed'] as const).map(
        (edge, i) => ({ kind: 'fault', step, fault, edge, atMs: [3_100, 3_110, 6_050, 6_060][i] ?? 0 }) as const,
      ),
    ),
    ...writes.flatMap(({ route, seq, at }, i): Observation[] => [
      { kind: 'write', route, seq, edge: 'invoke', atMs: at },
      { kind: 'write', route, seq, edge: 'ok', revision: `${1_000 + i}`, atMs: at + 2 },
      ...workers
        .filter((worker) => worker !== 'w0' || !lostRoutes.has(route))
        .map((worker) => ({ kind: 'shown', worker, route, seq, atMs: at + shape.delayMs }) as const),
      ...(lostRoutes.has(route)
        ? []
        : [{ kind: 'visible', route, seq, delayMs: shape.delayMs, atMs: at + shape.delayMs } as const]),
    ]),
    ...Array.from({ length: 8 }, (_, second): Observation => {
      const counts = { sent: 1_500, ok: 1_500, errors: {}, p50Ms: 1, p99Ms: shape.p99Ms };
      return { kind: 'load', ...counts, atMs: 1_100 + (second + 1) * 1_000 };
    }),
    ...resources(
      shape,
      writes.map(({ at }) => at),
    ),
    ...Array.from({ length: wrong }, (_, i): Observation => {
      return { kind: 'wrong-answer', route: `s${i}`, status: 404, expected: 1, atMs: 4_000 + i };
    }),
    ...(convergedMs === undefined
      ? []
      : [{ kind: 'converged', afterHealMs: convergedMs, reads: 60, atMs: 6_060 + convergedMs } as const]),
    ...workers.flatMap((worker) =>
      writes.map(({ route, seq }, i): Observation => {
        const got = worker === 'w0' && lostRoutes.has(route) ? null : seq;
        return { kind: 'read', purpose: 'final', worker, route, expected: seq, got, atMs: 9_110 + i };
      }),
    ),
  ];
  return observations.toSorted((a, b) => a.atMs - b.atMs);
}

/** As the probe leaves them: every half second from the baseline to the final reads. 1500 requests a second. */
function resources(shape: Shape, writtenAt: readonly number[]): readonly Observation[] {
  return Array.from({ length: 18 }, (_, i) => 1_100 + i * 500).flatMap((atMs) => {
    const seconds = (atMs - 1_100) / 1_000;
    const changes = writtenAt.filter((at) => at <= atMs).length;
    const values: readonly (readonly [string, number])[] = [
      [samples.gatewayCpu, 3 + (1_500 * seconds * shape.cpuMicros) / 1e6],
      [samples.gatewayRss, 80 * 1_048_576 + changes * shape.keptKiB * 1_024],
      [samples.etcdRequests, 40 + changes * shape.etcdRequests],
      [samples.etcdBytes, 9_000 + changes * shape.etcdRequests * 2_048],
      [samples.hostTime, 100 + 2 * seconds],
      [samples.hostStolen, 1 + 2 * seconds * shape.stolen],
      [samples.clockOffset, 5_000 + (atMs > 5_000 ? shape.clockStepMs : 0)],
    ];
    return values.map(([metric, value]): Observation => ({ kind: 'sample', metric, value, atMs }));
  });
}
