/** What many changes do to a running gateway: to the requests it serves meanwhile, and to its memory. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { startLoad } from '../harness/load/open-loop.ts';
import { until } from '../test/support/http.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';
import { type SeededWorld, startSeededWorld } from './seeded-world.ts';

const table = 40_000;
const burst = 400;
const rounds = 9;
/** Long enough for a p99 of 1,000 requests, short enough that the burst is not diluted. */
const windowMs = 1_000;
const load = { ratePerSecond: 1_000, connections: 32, seed: 1 };

/**
 * V8 lets the young generation grow three times, and the old one by 20 KB for every thousand changes until its first full
 * collection, some 50,000 to 100,000 changes in: before that any process grows, whether it leaks or not.
 */
const changes = { before: 100_000, measured: 100_000, sampleEvery: 2_000 };
const memoryTable = 1_000;

const latency: Goal = {
  id: 'burst-latency',
  what: `request p99 in the second of a burst of ${burst} changes, above the one before`,
  unit: 'ms',
  atMost: 5,
};
const memory: Goal = {
  id: 'churn-memory',
  what: 'resident memory of a worker over 100,000 changes: trend / its mean',
  unit: '%',
  atMost: 5,
};

async function run(): Promise<readonly Row[]> {
  return [await burstRow(), await memoryRow()];
}

async function burstRow(): Promise<Row> {
  await using world = await startSeededWorld({ routes: table });
  const rises: number[] = [];
  const beside: number[] = [];
  const quiet: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [before, during] = await burstRound(world, round);
    quiet.push(before);
    rises.push(during - before);
    // The same puts, which the gateway does not see: what is left is etcd, the writer and the load on the same cores.
    const [calm, busy] = await burstRound(world, round, '/beside');
    beside.push(busy - calm);
  }
  const each = rises.map((rise) => rise.toPrecision(3)).join(' ');
  const how = `${load.ratePerSecond} requests a second; rounds ${each}; before the burst ${median(quiet).toPrecision(3)} ms`;
  const machine = `by as many puts that the gateway does not see ${median(beside).toPrecision(3)} ms`;
  return measured(latency, median(rises), `${table} routes; ${how}; ${machine}`);
}

/** The p99 of a quiet second and of the second in which the burst comes. Milliseconds. */
async function burstRound(world: SeededWorld, round: number, prefix?: string): Promise<readonly [number, number]> {
  // Unchanged routes: what others do must not slow them down.
  const targets = Array.from({ length: 100 }, (_, index) => {
    const seq = table - 1 - index;
    return { route: `settled-${seq}`, path: `/settled/${seq}`, seq };
  });
  const recorder = { record: () => undefined, now: () => performance.now() };
  await using engine = await startLoad({ ...load, traffic: world.traffic.origin, targets }, recorder);
  engine.enter('warmup');
  await sleep(windowMs);
  engine.enter('baseline');
  await sleep(windowMs);
  engine.enter('fault');
  const routes = Array.from({ length: burst }, (_, index) => ({
    id: `settled-${index}`,
    path: `/settled/${index}`,
    seq: round,
  }));
  await Promise.all([world.putAll(routes, prefix), sleep(windowMs)]);
  const phases = await engine.finish();
  const p99 = (name: string): number => {
    const phase = phases.find((each) => each.phase === name);
    if (phase === undefined) throw new Error(`the load engine tells nothing of ${name}`);
    return decodeFromCompressedBase64(phase.histogram).getValueAtPercentile(99) / 1_000;
  };
  return [p99('baseline'), p99('fault')];
}

async function memoryRow(): Promise<Row> {
  await using world = await startSeededWorld({ routes: memoryTable });
  await churn(world, changes.before);
  const samples: [number, number][] = [];
  for (let done = 0; done < changes.measured; done += changes.sampleEvery) {
    await churn(world, changes.sampleEvery);
    samples.push([done, await residentMegabytes(world)]);
  }
  const all = samples.map(([, megabytes]) => megabytes);
  const trend = changes.measured * theilSen(samples);
  const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)} MB`;
  return measured(
    memory,
    (100 * trend) / median(all),
    `${trend.toFixed(1)} MB by Theil and Sen, ${samples.length} samples of ${range} after ${changes.before} changes`,
  );
}

/** The median of the slopes between any two points: a few samples taken just before or after a collection do not move it. */
function theilSen(points: readonly (readonly [number, number])[]): number {
  return median(
    points.flatMap(([x, y], index) => points.slice(index + 1).map(([other, there]) => (there - y) / (other - x))),
  );
}

async function churn(world: SeededWorld, count: number): Promise<void> {
  for (let done = 0; done < count; done += memoryTable) {
    const seq = done + 1;
    const routes = Array.from({ length: memoryTable }, (_, n) => ({ id: `settled-${n}`, path: `/settled/${n}`, seq }));
    await world.putAll(routes);
  }
  const { header } = await world.client.get('\0').exec();
  await until(async () => {
    const [worker] = await world.gateway.workers();
    return BigInt(worker?.revision ?? 0) >= BigInt(header.revision);
  }, 'the gateway has taken every change');
}

async function residentMegabytes({ gateway }: SeededWorld): Promise<number> {
  const [worker] = await gateway.workers();
  const status = readFileSync(`/proc/${worker?.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

export const churnBench: Benchmark = { name: 'churn', run };
