/** What many changes do to a running gateway: to the requests it serves meanwhile, and to its memory. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { linearRegression, linearRegressionLine } from 'simple-statistics';
import { startLoad } from '../harness/load/open-loop.ts';
import { until } from '../test/support/http.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';
import { type SeededWorld, startSeededWorld } from './seeded-world.ts';

const table = 40_000;
const burst = 400;
const rounds = 5;
/** Long enough for a p99 of 1,000 requests, short enough that the burst is not diluted. */
const windowMs = 1_000;
const load = { ratePerSecond: 1_000, connections: 32, seed: 1 };

const changes = { before: 20_000, measured: 100_000, sampleEvery: 2_000 };
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
  const quiet: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const [before, during] = await burstRound(world, round);
    quiet.push(before);
    rises.push(during - before);
  }
  const each = rises.map((rise) => rise.toPrecision(3)).join(' ');
  const how = `${load.ratePerSecond} requests a second; rounds ${each}; before the burst ${median(quiet).toPrecision(3)} ms`;
  return measured(latency, median(rises), `${table} routes; ${how}`);
}

/** The p99 of a quiet second and of the second in which the burst comes. Milliseconds. */
async function burstRound(world: SeededWorld, round: number): Promise<readonly [number, number]> {
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
  await Promise.all([world.putAll(routes), sleep(windowMs)]);
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
  const line = linearRegressionLine(linearRegression(samples));
  const mean = samples.reduce((sum, [, megabytes]) => sum + megabytes, 0) / samples.length;
  const trend = line(changes.measured) - line(0);
  const all = samples.map(([, megabytes]) => megabytes);
  const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)} MB`;
  return measured(memory, (100 * trend) / mean, `least squares through ${samples.length} samples of ${range}`);
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
