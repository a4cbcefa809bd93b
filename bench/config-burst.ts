/** A burst of changes to a gateway that serves requests: how soon it is in force, and what the requests feel of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { startLoad } from '../harness/load/open-loop.ts';
import type { PhaseLatency } from '../harness/model/evidence.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median } from './row.ts';
import { type SeededWorld, settledRoute, startSeededWorld } from './seeded-world.ts';
import { type MedianInterval, medianInterval } from './spread.ts';

const table = 40_000;
const burst = 400;
const perTransaction = 100;
const rounds = 24;
/** Long enough for a p99 of 1,000 requests, short enough that the burst is not diluted. */
const windowMs = 1_000;
/** Between two windows: what the first one has left to do must not be measured in the second. */
const gapMs = 500;
const load = { ratePerSecond: 1_000, connections: 32, seed: 1 };

const tableText = `${table.toLocaleString('en')} routes`;
const applied: Goal = {
  id: 'apply-burst',
  what: `a burst of ${burst} changes at ${tableText} under load: sent to in force`,
  unit: 'ms',
  atMost: 200,
};
const latency = {
  id: 'burst-latency',
  what: 'request p99 in the second of such a burst, above a quiet second',
  unit: 'ms',
  atMost: 5,
} as const satisfies Goal;

interface Round {
  /** From the first transaction's sending and from the last one's commit until all is in force. Milliseconds. */
  readonly sentMs: number;
  readonly committedMs: number;
  /** Request p99 in a quiet second, with the burst, and with one that the gateway does not see. Milliseconds. */
  readonly quietMs: number;
  readonly burstMs: number;
  readonly besideMs: number;
  readonly failed: number;
  readonly requests: number;
}

async function run(): Promise<readonly Row[]> {
  await using world = await startSeededWorld({ routes: table });
  // Not counted: in it the compiler sees requests and changes for the first time.
  await runRound(world, 0);
  const all: Round[] = [];
  for (let round = 1; round <= rounds; round++) all.push(await runRound(world, round));
  return [appliedRow(all), latencyRow(all)];
}

function appliedRow(all: readonly Round[]): Row {
  const sent = all.map(({ sentMs }) => sentMs);
  const committed = median(all.map(({ committedMs }) => committedMs));
  return measured(
    applied,
    median(sent),
    `${committed.toPrecision(3)} ms of it after the last commit; slowest round ${Math.max(...sent).toPrecision(3)} ms; ` +
      `${burst / perTransaction} transactions at once; by the status page, asked every 5 ms; ${howText}`,
  );
}

function latencyRow(all: readonly Round[]): Row {
  const failed = all.reduce((sum, round) => sum + round.failed, 0);
  const requests = all.reduce((sum, round) => sum + round.requests, 0);
  if (failed > 0) return invalid(latency, `${failed} of ${requests} requests on routes that nobody changed failed`);
  const rise = medianInterval(all.map(({ burstMs, quietMs }) => burstMs - quietMs));
  const beside = medianInterval(all.map(({ besideMs, quietMs }) => besideMs - quietMs));
  const quiet = median(all.map(({ quietMs }) => quietMs)).toPrecision(3);
  const how =
    `a quiet second ${quiet} ms; above it by the burst ${text(rise)}, by as many puts that the gateway does not see ` +
    `${text(beside)}; no request failed; ${howText}`;
  // Rounds so far apart hide a rise as large as the goal.
  if ((rise.high - rise.low) / 2 > latency.atMost) return invalid(latency, `the rounds are too far apart: ${how}`);
  return measured(latency, rise.median, how);
}

const howText = `medians of ${rounds} rounds after one for the compiler; ${load.ratePerSecond} requests a second`;

function text({ median, low, high }: MedianInterval): string {
  return `${median.toPrecision(3)} ms (95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)})`;
}

/** The burst comes before the one that the gateway does not see, or after it, in turn. */
async function runRound(world: SeededWorld, round: number): Promise<Round> {
  // Unchanged routes: what others do must not slow them down.
  const targets = Array.from({ length: 100 }, (_, index) => {
    const { id, path, seq } = settledRoute(table - 1 - index);
    return { route: id, path, seq };
  });
  const recorder = { record: () => undefined, now: () => performance.now() };
  await using engine = await startLoad({ ...load, traffic: world.traffic.origin, targets }, recorder);
  const rest = async (ms: number): Promise<void> => {
    engine.enter('warmup');
    await sleep(ms);
  };
  await rest(windowMs);
  engine.enter('baseline');
  await sleep(windowMs);
  let times = { sentMs: Number.NaN, committedMs: Number.NaN };
  const steps = [
    async () => {
      engine.enter('fault');
      const [changed] = await Promise.all([changeAll(world, round), sleep(windowMs)]);
      times = changed;
    },
    async () => {
      engine.enter('settle');
      await Promise.all([putBurst(world, round, '/beside'), sleep(windowMs)]);
    },
  ];
  for (const step of round % 2 === 0 ? steps : steps.toReversed()) {
    await rest(gapMs);
    await step();
  }
  return { ...times, ...figuresOf(await engine.finish()) };
}

async function changeAll(world: SeededWorld, round: number): Promise<Pick<Round, 'sentMs' | 'committedMs'>> {
  const sentAt = performance.now();
  const revision = await putBurst(world, round);
  const committedAt = performance.now();
  await world.inForce(revision);
  const now = performance.now();
  return { sentMs: now - sentAt, committedMs: now - committedAt };
}

/** All transactions at once; resolves with the last revision. */
async function putBurst({ putAll }: SeededWorld, round: number, prefix?: string): Promise<bigint> {
  const parts = Array.from({ length: burst / perTransaction }, (_, part) =>
    Array.from({ length: perTransaction }, (_, index) => settledRoute(part * perTransaction + index, table + round)),
  );
  const revisions = await Promise.all(parts.map((routes) => putAll(routes, prefix)));
  return revisions.reduce((a, b) => (a > b ? a : b));
}

function figuresOf(phases: readonly PhaseLatency[]): Omit<Round, 'sentMs' | 'committedMs'> {
  const p99 = (name: PhaseLatency['phase']): number => {
    const phase = phases.find((each) => each.phase === name);
    if (phase === undefined) throw new Error(`the load engine tells nothing of ${name}`);
    return decodeFromCompressedBase64(phase.histogram).getValueAtPercentile(99) / 1_000;
  };
  const requests = phases.reduce((sum, { planned }) => sum + planned, 0);
  const failed = requests - phases.reduce((sum, { ok }) => sum + ok, 0);
  return { quietMs: p99('baseline'), burstMs: p99('fault'), besideMs: p99('settle'), failed, requests };
}

export const configBurst: Benchmark = { name: 'config-burst', run };
