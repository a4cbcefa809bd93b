/** What following the configuration costs a real worker, from etcd's event to the table and the word to the master. */
import { setTimeout as sleep } from 'node:timers/promises';
import { threadSeconds } from './cpu-time.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median } from './row.ts';
import { type SeededWorld, settledRoute, startSeededWorld } from './seeded-world.ts';
import { medianInterval } from './spread.ts';

const table = 50_000;
const perSecond = 50;
const windowMs = 4_000;
const rounds = 10;
/** Of the rate that is asked for; with less, something else was measured. */
const leastRate = 0.95;

const share: Goal = {
  id: 'apply-share',
  what: `worker CPU at ${perSecond} changes/s on ${table.toLocaleString('en')} routes`,
  unit: '% of a core',
  atMost: 2,
  aim: 1,
};

interface Window {
  /** Percent of a core. */
  readonly worker: number;
  readonly master: number;
  /** Changes a second. */
  readonly rate: number;
}

async function run(): Promise<readonly Row[]> {
  await using world = await startSeededWorld({ routes: table });
  // Not counted: in it the compiler sees these changes for the first time.
  await window(world, changes);
  const quiet: Window[] = [];
  const busy: Window[] = [];
  for (let round = 0; round < rounds; round++) {
    quiet.push(await window(world, rest));
    busy.push(await window(world, changes));
  }
  const slowest = Math.min(...busy.map(({ rate }) => rate));
  if (slowest < leastRate * perSecond)
    return [invalid(share, `only ${slowest.toFixed(1)} changes a second were written; is the machine in use?`)];
  const { median: value, low, high } = medianInterval(busy.map(({ worker }) => worker));
  const idle = median(quiet.map(({ worker }) => worker)).toPrecision(2);
  const master = median(busy.map((each) => each.master)).toPrecision(2);
  const each = ((value * 10_000) / perSecond).toFixed(0);
  return [
    measured(
      share,
      value,
      `all that the worker did, ${each} us a change; 95 % interval ${low.toPrecision(3)} to ${high.toPrecision(3)} %; ` +
        `without changes ${idle} %; the master ${master} %; routes with vars, rewrite and counters; single puts; ` +
        `${rounds} windows of ${windowMs / 1_000} s in turn with quiet ones, after one for the compiler`,
    ),
  ];
}

/** Returns how many changes it made. */
type Activity = (world: SeededWorld) => Promise<number>;

async function window(world: SeededWorld, activity: Activity): Promise<Window> {
  const [worker, master] = [await world.workerPid(), world.gateway.pid];
  const spent = (): readonly [number, number] => [threadSeconds(worker), threadSeconds(master)];
  const [before, startedAt] = [spent(), performance.now()];
  const made = await activity(world);
  const [after, seconds] = [spent(), (performance.now() - startedAt) / 1_000];
  const percent = (index: 0 | 1): number => (100 * (after[index] - before[index])) / seconds;
  return { worker: percent(0), master: percent(1), rate: made / seconds };
}

async function rest(): Promise<number> {
  await sleep(windowMs);
  return 0;
}

let sequence = 0;

/** Single puts, each at its time, spread over the table; over when the last one is in force. */
async function changes({ client, route, inForce }: SeededWorld): Promise<number> {
  const startedAt = performance.now();
  const count = (windowMs * perSecond) / 1_000;
  const puts: Promise<bigint>[] = [];
  for (let made = 0; made < count; made++) {
    await sleep(Math.max(0, startedAt + (made * 1_000) / perSecond - performance.now()));
    // A step that shares no factor with the size of the table.
    const { id, path, seq } = settledRoute((++sequence * 7_919) % table, sequence);
    const put = client.put(`/apisix/routes/${id}`).value(route(path, seq)).exec();
    const revision = put.then(({ header }) => BigInt(header.revision));
    // A failure is told below, by all of them together.
    revision.catch(() => undefined);
    puts.push(revision);
  }
  const revisions = await Promise.all(puts);
  await sleep(Math.max(0, startedAt + windowMs - performance.now()));
  await inForce(revisions.reduce((a, b) => (a > b ? a : b)));
  return count;
}

export const configApply: Benchmark = { name: 'config-apply', run };
