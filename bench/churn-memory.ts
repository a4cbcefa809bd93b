/** Whether many changes make a worker grow: the resident memory of several, each started afresh. */
import { readFileSync } from 'node:fs';
import { tInterval } from '../harness/judge/statistics/t-interval.ts';
import { type Benchmark, type Goal, type Row, measured, median } from './row.ts';
import { type SeededWorld, settledRoute, startSeededWorld } from './seeded-world.ts';
import { theilSen } from './spread.ts';

const table = 1_000;
const workers = 5;
/**
 * Memory is judged after 100,000 changes, and after the full collections by which V8 learns how much the heap is to hold:
 * until then the young generation grows three times and the old one takes whatever comes, so that every process grows,
 * whether it leaks or not. By how much is told.
 */
const settling = { least: 100_000, most: 300_000, step: 10_000, collections: 2 };
const during = 100_000;
const sampleEvery = 2_000;

const growth: Goal = {
  id: 'churn-memory',
  what: 'memory of a worker over 100,000 changes, after as many: growth / mean',
  unit: '%',
  atMost: 5,
};
const slope: Goal = {
  id: 'churn-memory-slope',
  what: 'the same growth, less its noise',
  unit: 'MB',
  atMost: 0,
};

interface Run {
  /** Changes until memory was judged. */
  readonly settledAfter: number;
  /** Resident memory at the start, when it had settled, and at each sample from then on. MB. */
  readonly atStart: number;
  readonly atSettled: number;
  readonly samples: readonly number[];
  /** By Theil and Sen, over as many changes as are judged. MB. */
  readonly growth: number;
}

async function run(): Promise<readonly Row[]> {
  const runs: Run[] = [];
  for (let worker = 0; worker < workers; worker++) runs.push(await runWorker());
  const growths = runs.map((each) => each.growth);
  const relative = runs.map((each) => (100 * each.growth) / mean(each.samples));
  const { low, high } = tInterval(growths, 0.025);
  const seen = runs.map(({ settledAfter, atStart, atSettled, samples }) => {
    const range = `${Math.min(...samples).toFixed(0)} to ${Math.max(...samples).toFixed(0)}`;
    return `${atStart.toFixed(0)} MB, after ${settledAfter} changes ${atSettled.toFixed(0)}, then ${range}`;
  });
  const how = `${workers} fresh workers, Theil and Sen over ${during / sampleEvery} samples of each`;
  const interval = `95 % interval of the mean ${low.toFixed(1)} to ${high.toFixed(1)} MB`;
  return [
    measured(growth, median(relative), `median of ${how}; ${seen.join('; ')}`),
    measured(slope, low, `${interval}; each ${growths.map((value) => value.toFixed(1)).join(' ')} MB; ${how}`),
  ];
}

async function runWorker(): Promise<Run> {
  await using world = await startSeededWorld({ routes: table });
  const pid = await world.workerPid();
  const atStart = residentMegabytes(pid);
  const settledAfter = await settle(world);
  const atSettled = residentMegabytes(pid);
  const points: [number, number][] = [];
  for (let done = sampleEvery; done <= during; done += sampleEvery) {
    await change(world, sampleEvery);
    points.push([done, residentMegabytes(pid)]);
  }
  const samples = points.map(([, megabytes]) => megabytes);
  return { settledAfter, atStart, atSettled, samples, growth: during * theilSen(points) };
}

/** Resolves with the number of changes that it took. */
async function settle(world: SeededWorld): Promise<number> {
  const { least, most, step, collections } = settling;
  const before = await fullCollections(world);
  for (let made = step; ; made += step) {
    await change(world, step);
    if (made < least) continue;
    if (made >= most || (await fullCollections(world)) - before >= collections) return made;
  }
}

/** Of the worker, so far. */
function fullCollections({ gateway }: SeededWorld): Promise<number> {
  return gateway.metric('gateway_nodejs_gc_duration_seconds_count{kind="major"}');
}

let sequence = table;

/** Every route of the table in turn, each time to another number; resolves when all is in force. */
async function change({ putAll, inForce }: SeededWorld, count: number): Promise<void> {
  for (let done = 0; done < count; done += table) {
    sequence++;
    await inForce(await putAll(Array.from({ length: table }, (_, n) => settledRoute(n, sequence))));
  }
}

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const churnMemory: Benchmark = { name: 'churn-memory', run };
