/** Whether the load engine keeps its schedule, and what it adds to a latency that is known. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { freePort } from '../test/support/etcd.ts';
import type { LoadFigures, LoadOrder } from './load-driver.ts';
import { coreSeconds, cpuSeconds } from './cpu-time.ts';
import { type PinnedProcess, accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median, skipped } from './row.ts';

const driverCore = 0;
const serverCore = 1;
const wantedRounds = 3;
const mostRounds = 7;
/** Share of the driver's core that others may take in a round. They would be measured, not the engine. */
const mostForeign = 0.2;
const delayMs = 10;
const body = '/seq/1';

const rate = 20_000;
/** Low enough that neither side queues: what is left is the engine's own error. */
const delayedRate = 2_000;
const lateness: Goal = {
  id: 'load-lateness',
  what: 'load engine at 20,000/s: send lateness p99',
  unit: 'ms',
  atMost: 5,
};
const achieved: Goal = { id: 'load-achieved', what: 'load engine at 20,000/s: achieved', unit: '%', atLeast: 99.9 };
const p50Error: Goal = {
  id: 'load-p50-error',
  what: `load engine: p50 above a fixed delay of ${delayMs} ms`,
  unit: 'ms',
  atMost: 1,
  aim: 0.7,
};

interface Round extends LoadFigures {
  /** Share of the driver's core that other processes took. */
  readonly foreign: number;
}

async function run(): Promise<readonly Row[]> {
  const goals = [lateness, achieved, p50Error];
  if (availableParallelism() < 2) return goals.map((goal) => skipped(goal, 'it takes two cores'));
  await using stack = new AsyncDisposableStack();
  const ports = { instant: await freePort(), delayed: await freePort() };
  stack.use(await startServer(ports.instant, 0));
  stack.use(await startServer(ports.delayed, delayMs));
  const instant: LoadOrder = { port: ports.instant, ratePerSecond: rate, connections: 128, seed: 1 };
  const delayed: LoadOrder = { port: ports.delayed, ratePerSecond: delayedRate, connections: 128, seed: 1 };
  const fast: Round[] = [];
  const slow: Round[] = [];
  while (fast.length < mostRounds && Math.min(quiet(fast).length, quiet(slow).length) < wantedRounds) {
    fast.push(await round(instant));
    slow.push(await round(delayed));
  }
  return [
    rowOf(lateness, fast, ({ sendLatenessP99Ms }) => sendLatenessP99Ms),
    rowOf(achieved, fast, ({ ok, planned }) => (100 * ok) / planned),
    rowOf(p50Error, slow, ({ p50Ms }) => p50Ms - delayMs),
  ];
}

function startServer(port: number, delay: number): Promise<PinnedProcess> {
  const file = path.join(import.meta.dirname, 'timed-server.ts');
  return startPinned(serverCore, [process.execPath, file, `${port}`, body, `${delay}`], () => accepts(port));
}

async function round(order: LoadOrder): Promise<Round> {
  const file = path.join(import.meta.dirname, 'load-driver.ts');
  const [before, startedAt] = [coreSeconds(driverCore), performance.now()];
  await using driver = await startPinned(driverCore, [process.execPath, file], async () => true);
  const figures = await new Promise<LoadFigures>((resolve, reject) => {
    driver.child.once('message', (message) => resolve(message as LoadFigures));
    driver.child.once('exit', () => reject(new Error('the load engine gave up')));
    driver.child.send(order);
  });
  const others = coreSeconds(driverCore) - before - cpuSeconds(driver.pid);
  return { ...figures, foreign: (1_000 * others) / (performance.now() - startedAt) };
}

function quiet(rounds: readonly Round[]): readonly Round[] {
  return rounds.filter(({ foreign }) => foreign <= mostForeign);
}

function rowOf(goal: Goal, rounds: readonly Round[], valueOf: (round: Round) => number): Row {
  const counted = quiet(rounds);
  const share = `${mostForeign * 100} % of the engine's core`;
  if (counted.length < wantedRounds)
    return invalid(goal, `others took over ${share} in ${rounds.length - counted.length} of ${rounds.length} rounds`);
  const values = counted.map(valueOf);
  const percent = counted.map(({ foreign }) => Math.round(foreign * 100)).join(' ');
  const spread = `rounds ${values.map((value) => value.toPrecision(3)).join(' ')}, others used ${percent} % of the core`;
  const how = `${counted.length} of ${rounds.length} interleaved rounds`;
  return measured(goal, median(values), `bench/timed-server.ts on the other core; ${spread}; ${how}`);
}

export const loadEngine: Benchmark = { name: 'load-engine', run };
