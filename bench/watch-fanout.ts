/**
 * What a thousand watchers cost: straight at etcd in both of its protocols, through etcd's own proxy, and through the watch
 * proxy, beside a bare fan-out of the same bytes. etcd and whatever stands before it share one core, writer and watchers the other, so that neither disturbs the other.
 */
import { availableParallelism } from 'node:os';
import { figureOf, keepRecord, valuesOf } from './fanout/record.ts';
import { type Figures, type Pace, type Round, runRound } from './fanout/round.ts';
import { type WayName, ways } from './fanout/ways.ts';
import { type Benchmark, type Goal, type Row, measured, median, skipped } from './row.ts';

const watchers = 1_000;
const rounds = 3;
/** So many puts that the slowest hundredth is several of them: of a hundred, p99 would be one. */
const steady: Pace = { ratePerSecond: 20, seconds: 30 };
const fast: Pace = { ratePerSecond: 50, seconds: 20 };
const ours = ['proxy-json', 'proxy-grpc'] as const;
const order: readonly WayName[] = [
  'nobody',
  'etcd-grpc',
  'etcd-proxy',
  'bare-json',
  'bare-past',
  ...ours,
  'proxy-puts',
  'etcd-json',
];

const with1000 = `with ${watchers} watchers`;
const goals = {
  watchers: { id: 'fanout-watchers', what: `watches at etcd ${with1000} at the watch proxy`, unit: '', atMost: 1 },
  streams: { id: 'fanout-streams', what: `watch streams at etcd ${with1000}`, unit: '', atMost: 1 },
  lost: { id: 'fanout-undelivered', what: 'events that did not reach a watcher', unit: '', atMost: 0 },
  etcdCpu: { id: 'fanout-etcd-cpu', what: `etcd CPU ${with1000} / with nobody`, unit: 'x', atMost: 1.15 },
  put: { id: 'fanout-put', what: `put p50 ${with1000} / with nobody`, unit: 'x', atMost: 1.15 },
  through: { id: 'fanout-through', what: `put p50 through the proxy / at etcd ${with1000}`, unit: 'x', atMost: 0.5 },
  own: { id: 'fanout-own', what: 'CPU per delivered event of the proxy / of a bare fan-out', unit: 'x', atMost: 1.3 },
  ratio: { id: 'fanout-delay-ratio', what: 'delivery p99 through the proxy / etcd gRPC', unit: 'x', atMost: 0.5 },
} as const satisfies Readonly<Record<string, Goal>>;

/** Of each protocol. */
const goalsOf = (protocol: string) =>
  ({
    delay: { id: `fanout-delay-${protocol}`, what: `delivery p99, ${protocol}`, unit: 'ms', atMost: 25 },
    fast: { id: `fanout-fast-${protocol}`, what: `the same at ${fast.ratePerSecond} puts/s`, unit: 'ms', atMost: 40 },
    cpu: { id: `fanout-cpu-${protocol}`, what: `proxy CPU per delivered event, ${protocol}`, unit: 'us', atMost: 12 },
    memory: { id: `fanout-memory-${protocol}`, what: `memory per watcher, ${protocol}`, unit: 'KB', atMost: 40 },
    delayAim: { id: `fanout-delay-aim-${protocol}`, what: `aim: delivery p99, ${protocol}`, unit: 'ms', atMost: 12 },
    cpuAim: { id: `fanout-cpu-aim-${protocol}`, what: `aim: CPU per event, ${protocol}`, unit: 'us', atMost: 8 },
  }) as const satisfies Readonly<Record<string, Goal>>;

async function run(): Promise<readonly Row[]> {
  if (availableParallelism() < 2) return Object.values(goals).map((goal) => skipped(goal, 'it takes two cores'));
  const taken: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const way of order)
      taken.push(await runRound(way, watchers, ours.some((name) => name === way) ? [steady, fast] : [steady]));
  }
  await keepRecord('watch-fanout', taken);
  return fanoutRows(taken);
}

/** The goals, held against the rounds of a run. */
export function fanoutRows(taken: readonly Round[]): readonly Row[] {
  return [...sharedRows(taken), ...ours.flatMap((way) => rowsOf(taken, way))];
}

function sharedRows(taken: readonly Round[]): readonly Row[] {
  const through = taken.filter(({ way }) => ours.some((name) => name === way));
  const most = (count: (round: Round) => number): number => Math.max(...through.map(count));
  const missing = ({ paces }: Round): number =>
    paces.reduce((sum, { expected, delivered }) => sum + expected - delivered, 0);
  const others = (what: 'watchersAtEtcd' | 'streamsAtEtcd'): string =>
    taken
      .slice(0, order.length)
      .map((round) => `${ways[round.way].title} ${round[what]}`)
      .join(', ');
  return [
    measured(
      goals.watchers,
      most((round) => round.watchersAtEtcd),
      others('watchersAtEtcd'),
    ),
    measured(
      goals.streams,
      most((round) => round.streamsAtEtcd),
      others('streamsAtEtcd'),
    ),
    measured(goals.lost, most(missing), told(taken, 'delivered', '')),
    measured(goals.etcdCpu, worst(taken, 'etcdCpu', 'nobody'), told(taken, 'etcdCpu', 'of a core')),
    measured(goals.put, worst(taken, 'putP50Ms', 'nobody'), told(taken, 'putP50Ms', 'ms')),
    // Records from before these were measured have none.
    ...(Number.isNaN(at(taken, 'proxy-puts', 'putP50Ms'))
      ? []
      : [measured(goals.through, throughProxy(taken), told(taken, 'putP50Ms', 'ms'))]),
    ...(Number.isNaN(at(taken, 'bare-json', 'cpuPerEventUs'))
      ? []
      : [measured(goals.own, worst(taken, 'cpuPerEventUs', 'bare-json'), told(taken, 'cpuPerEventUs', 'us'))]),
    measured(goals.ratio, worst(taken, 'delayP99Ms', 'etcd-grpc'), told(taken, 'delayP99Ms', 'ms')),
  ];
}

function rowsOf(taken: readonly Round[], way: (typeof ours)[number]): readonly Row[] {
  const { delay, fast: faster, cpu, memory, delayAim, cpuAim } = goalsOf(ways[way].protocol ?? '');
  const row = (goal: Goal, figure: keyof Figures, { ratePerSecond }: Pace): Row => {
    const values = valuesOf(taken, { way, watchers, ratePerSecond }, figure);
    return measured(goal, median(values), `rounds ${values.map((value) => value.toPrecision(3)).join(' ')}`);
  };
  const kept = taken
    .filter((round) => round.way === way)
    .map(({ memoryPerWatcherKb }) => memoryPerWatcherKb ?? Number.NaN);
  return [
    row(delay, 'delayP99Ms', steady),
    row(faster, 'delayP99Ms', fast),
    row(cpu, 'cpuPerEventUs', steady),
    measured(
      memory,
      median(kept),
      `growth from a tenth to all of them; rounds ${kept.map((kb) => kb.toFixed(0)).join(' ')}`,
    ),
    row(delayAim, 'delayP99Ms', steady),
    row(cpuAim, 'cpuPerEventUs', steady),
  ];
}

/** The worse of our two protocols against the reference. */
function worst(taken: readonly Round[], figure: keyof Figures, reference: WayName): number {
  return Math.max(...ours.map((way) => at(taken, way, figure) / at(taken, reference, figure)));
}

/** A put whose answer waits behind the events of others, against one that etcd answers between its own watchers. */
function throughProxy(taken: readonly Round[]): number {
  return at(taken, 'proxy-puts', 'putP50Ms') / at(taken, 'etcd-grpc', 'putP50Ms');
}

function at(taken: readonly Round[], way: WayName, figure: keyof Figures): number {
  const where = { way, watchers: way === 'nobody' ? 0 : watchers, ratePerSecond: steady.ratePerSecond };
  return figureOf(taken, where, figure);
}

function told(taken: readonly Round[], figure: keyof Figures, unit: string): string {
  const each = order.filter((way) => !Number.isNaN(at(taken, way, figure)));
  const said = each.map((way) => `${ways[way].title} ${at(taken, way, figure).toPrecision(3)}`).join(', ');
  return `${said} ${unit}; ${steady.ratePerSecond} puts/s, median of ${rounds} interleaved rounds`;
}

export const watchFanout: Benchmark = { name: 'watch-fanout', run };
