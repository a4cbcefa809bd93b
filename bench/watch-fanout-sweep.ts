/** How the cost of an event and its delay go with the number of watchers, at equal events a second where that can be. */
import { availableParallelism } from 'node:os';
import { figureOf, keepRecord } from './fanout/record.ts';
import { type Pace, type Round, runRound } from './fanout/round.ts';
import { type WayName, ways } from './fanout/ways.ts';
import { type Benchmark, type Goal, type Row, measured, median, skipped } from './row.ts';

const rounds = 3;
const ours = ['proxy-json', 'proxy-grpc'] as const;
const order: readonly WayName[] = ['etcd-grpc', 'etcd-proxy', ...ours];
const [few, many] = [100, 5_000];
const sizes = [10, few, 1_000, many];
/** A process that is mostly idle pays more for each event than one that is busy: the load is kept the same. */
const eventsPerSecond = 20_000;
/** What one writer may do to etcd without becoming the load itself. */
const mostPuts = 200;

/** Measured between rounds of one size: a tenth and more. */
const growth = (protocol: string): Goal => ({
  id: `fanout-growth-${protocol}`,
  what: `CPU per event at ${many} watchers / at ${few}, ${protocol}`,
  unit: 'x',
  atMost: 1.25,
});

/** Measured with the many too: what the process itself takes is then a small part of it. */
const memory = (protocol: string): Goal => ({
  id: `fanout-memory-${many}-${protocol}`,
  what: `memory per watcher with ${many} watchers, ${protocol}`,
  unit: 'KB',
  atMost: 40,
});

function paceOf(watchers: number): Pace {
  return { ratePerSecond: Math.min(mostPuts, eventsPerSecond / watchers), seconds: 5 };
}

async function run(): Promise<readonly Row[]> {
  if (availableParallelism() < 2) return [skipped(growth('json'), 'it takes two cores')];
  const taken: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const watchers of sizes) {
      for (const way of order) taken.push(await runRound(way, watchers, [paceOf(watchers)]));
    }
  }
  await keepRecord('watch-fanout-sweep', taken);
  return sweepRows(taken);
}

/** The goals, held against the rounds of a run. */
export function sweepRows(taken: readonly Round[]): readonly Row[] {
  return ours.flatMap((way) => {
    const protocol = ways[way].protocol ?? '';
    const cost = (watchers: number): number =>
      figureOf(taken, { way, watchers, ratePerSecond: paceOf(watchers).ratePerSecond }, 'cpuPerEventUs');
    const all = sizes.map((watchers) => `${watchers}: ${cost(watchers).toPrecision(3)} us`).join(', ');
    const how = `${eventsPerSecond} events a second, at most ${mostPuts} puts; median of ${rounds} rounds`;
    const kept = taken
      .filter((round) => round.way === way && round.watchers === many)
      .map(({ memoryPerWatcherKb }) => memoryPerWatcherKb ?? Number.NaN);
    return [
      measured(growth(protocol), cost(many) / cost(few), `${all}; ${how}`),
      measured(memory(protocol), median(kept), `rounds ${kept.map((kb) => kb.toFixed(0)).join(' ')}`),
    ];
  });
}

export const watchFanoutSweep: Benchmark = { name: 'watch-fanout-sweep', run };
