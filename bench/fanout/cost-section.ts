/** The section "Cost" of docs/WATCH-PROXY.md, from records alone: the same records, the same text. */
import { type Row, median } from '../row.ts';
import { type FanoutRecord, figureOf, placesOf } from './record.ts';
import type { Figures, Round } from './round.ts';
import { type WayName, ways } from './ways.ts';

export interface CostRecords {
  readonly fanout: FanoutRecord;
  readonly sweep: FanoutRecord;
  /** The goals of both benchmarks, held against these records. */
  readonly rows: readonly Row[];
  /** Path of the plot, as seen from the document. */
  readonly plot: string;
}

export function costSection({ fanout, sweep, rows, plot }: CostRecords): string {
  return [
    `Measured by \`node bench/main.ts watch-fanout\` ${hostText(fanout)}. etcd and what stands before it have one core, the
writer and all watchers the other; each watcher has a connection of its own, a value is 600 bytes. Medians of
${roundsOf(fanout.rounds)} interleaved rounds, everything started afresh for each. A delay goes from sending the put to its
bytes at one of 50 watchers that are spread over the order of arrival.`,
    waysTable(fanout.rounds),
    goalsTable(rows),
    `![CPU per event and delivery p99 against the number of watchers](${plot})`,
    `From ten to five thousand watchers, by \`node bench/main.ts watch-fanout-sweep\` ${hostText(sweep)}: medians of
${roundsOf(sweep.rounds)} rounds at equal load, since a process that idles pays more for each event. In each cell the CPU per
event of whoever has the watchers, and the delivery p99.`,
    sweepTable(sweep.rounds),
  ].join('\n\n');
}

function hostText({ environment: { host, node, etcd, git, startedAt } }: FanoutRecord): string {
  const machine = `${host.cores} cores of ${host.cpu}, kernel ${host.kernel}, Node ${node.slice(1)}, etcd ${etcd.version}`;
  return `on ${startedAt.slice(0, 10)} at commit ${git ?? 'unknown'} (${machine})`;
}

function roundsOf(rounds: readonly Round[]): number {
  const [first] = placesOf(rounds);
  return rounds.filter(({ way, watchers }) => way === first?.way && watchers === first.watchers).length;
}

interface Line {
  readonly name: string;
  readonly of: (own: readonly Round[], figure: (name: keyof Figures, ratePerSecond?: number) => number) => string;
}

const lines: readonly Line[] = [
  { name: 'watches at etcd', of: (own) => `${median(own.map(({ watchersAtEtcd }) => watchersAtEtcd))}` },
  { name: 'watch streams at etcd', of: (own) => `${median(own.map(({ streamsAtEtcd }) => streamsAtEtcd))}` },
  { name: 'CPU of etcd', of: (_own, figure) => `${digits(100 * figure('etcdCpu'))} %` },
  { name: 'CPU of the proxy', of: (_own, figure) => `${digits(100 * figure('proxyCpu'))} %` },
  { name: 'CPU per delivered event', of: (_own, figure) => unit(figure('cpuPerEventUs'), 'µs') },
  { name: 'put p50', of: (_own, figure) => unit(figure('putP50Ms'), 'ms') },
  { name: 'delivery p50', of: (_own, figure) => unit(figure('delayP50Ms'), 'ms') },
  { name: 'delivery p99', of: (_own, figure) => unit(figure('delayP99Ms'), 'ms') },
  { name: 'delivery p99 at 50 puts/s', of: (_own, figure) => unit(figure('delayP99Ms', 50), 'ms') },
  {
    name: 'not delivered',
    of: (_own, figure) => {
      const share = 100 * (1 - figure('delivered') / figure('expected'));
      return Number.isNaN(share) ? '' : `${digits(share)} %`;
    },
  },
  {
    name: 'memory per watcher',
    of: (own) => unit(median(own.flatMap((round) => round.memoryPerWatcherKb ?? [])), 'KB'),
  },
];

function waysTable(rounds: readonly Round[]): string {
  const places = placesOf(rounds);
  const head = ['20 puts/s', ...places.map(({ way }) => ways[way].title)];
  const body = lines.map(({ name, of }) => [
    name,
    ...places.map((place) => {
      const own = rounds.filter(({ way }) => way === place.way);
      return of(own, (figure, ratePerSecond = 20) => figureOf(rounds, { ...place, ratePerSecond }, figure));
    }),
  ]);
  return table(head, body);
}

function goalsTable(rows: readonly Row[]): string {
  const body = rows.map(({ what, value, unit, goal, ok }) => [
    what,
    `${value ?? '-'} ${unit.replace('us', 'µs')}`.trim(),
    goal.replace('<= ', '≤ '),
    ok === true ? 'reached' : 'missed',
  ]);
  return table(['goal', 'measured', 'wanted', ''], body);
}

function sweepTable(rounds: readonly Round[]): string {
  const places = placesOf(rounds);
  const names = [...new Set(places.map(({ way }) => way))];
  const sizes = [...new Set(places.map(({ watchers }) => watchers))];
  const cell = (way: WayName, watchers: number, ratePerSecond: number): string => {
    const of = (figure: keyof Figures): number => figureOf(rounds, { way, watchers, ratePerSecond }, figure);
    return `${unit(of('cpuPerEventUs'), 'µs')}, ${unit(of('delayP99Ms'), 'ms')}`;
  };
  const body = sizes.map((watchers) => {
    const rate = places.find((place) => place.watchers === watchers)?.ratePerSecond ?? Number.NaN;
    return [`${watchers}, ${rate} puts/s`, ...names.map((way) => cell(way, watchers, rate))];
  });
  return table(['watchers', ...names.map((way) => ways[way].title)], body);
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Nothing where there is nothing to say, as of the watchers when nobody watches. */
function unit(value: number, name: string): string {
  return Number.isNaN(value) ? '' : `${digits(value)} ${name}`;
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
