/** The seconds of the block that is worst for the canary: load of its arms, faults and events. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/history.ts';
import { samples } from '../../model/samples.ts';
import { key } from './arm-style.ts';
import { seriesChart, type Point, type Series } from './charts/series-chart.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { type Resource, resources } from './resources.ts';
import { folded, table } from './table.ts';
import { faultStart, type Timeline } from './timeline.ts';
import { number } from './units.ts';

type Second = Extract<Observation, { readonly kind: 'load' }>;

interface Quantity {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly of: (second: Second) => number | null;
  readonly whole?: boolean;
}

const quantities: readonly Quantity[] = [
  { name: 'ok', title: 'Requests answered rightly', unit: 'per second', whole: true, of: ({ ok }) => ok },
  { name: 'errors', title: 'Requests gone wrong', unit: 'per second', whole: true, of: wrong },
  { name: 'p50', title: 'Median latency', unit: 'ms', of: ({ ok, p50Ms }) => (ok > 0 ? p50Ms : null) },
  { name: 'p99', title: '99th percentile of the latency', unit: 'ms', of: ({ ok, p99Ms }) => (ok > 0 ? p99Ms : null) },
];

/** As they were recorded, where they were: a point for each second, and one for each config write. */
const traces: readonly Resource[] = [
  { name: 'longest', title: 'Longest latency of a second', unit: 'ms', of: longest },
  { name: 'visible', title: 'From a config write until every worker served it', unit: 'ms', of: delays },
];

/** `shown`: the trials of the block, the canary's first; `trials`: of all blocks. */
export function blockSection(
  id: string,
  shown: readonly TrialEvidence[],
  trials: readonly TrialEvidence[],
  timeline: Timeline,
): Markup {
  const [canary] = shown;
  if (canary === undefined) return markup`<p>No block with a record of the canary's load.</p>`;
  // The canary's line lies on top.
  const drawn = shown.toReversed();
  const chart = (one: Omit<Series, 'id' | 'lines' | 'timeline'>, name: string, of: Line): Markup | undefined => {
    const lines = new Map(drawn.map((trial) => [trial.arm, of(trial)]));
    if ([...lines.values()].every((line) => line.length === 0)) return undefined;
    return seriesChart({ ...one, id: `${id}-${name}`, lines, timeline });
  };
  const charts = [
    ...quantities.map((one) => chart(one, one.name, (trial) => points(trial, one.of))),
    ...[...traces, ...resources].map((one) => chart(one, one.name, one.of)),
  ];
  return markup`<h3>Block ${canary.block} second by second</h3>
<p>${whyThisBlock(trials)} Shaded: a fault holds. Letters: the events below.</p>
${key(drawn.map(({ arm }) => arm))}
<div class="charts">${charts}</div>
${eventTable(timeline)}
${totals(drawn)}
${folded('These charts as a table', secondTable(drawn), 'data')}`;
}

type Line = (trial: TrialEvidence) => readonly Point[];

function wrong({ errors }: Second): number {
  return sum(Object.values(errors));
}

function whyThisBlock(trials: readonly TrialEvidence[]): string {
  const blocks = new Set(trials.map(({ block }) => block)).size;
  return blocks > 1 ? `Of ${blocks} blocks the one that is worst for the canary.` : '';
}

function secondsOf({ history }: TrialEvidence): readonly Second[] {
  return history.filter((o): o is Second => o.kind === 'load');
}

function points(trial: TrialEvidence, of: Quantity['of']): readonly Point[] {
  const start = faultStart(trial);
  return secondsOf(trial).map((second) => [(second.atMs - start) / 1_000, of(second)]);
}

function longest(trial: TrialEvidence): readonly Point[] {
  const start = faultStart(trial);
  return secondsOf(trial).flatMap(({ atMs, maxMs }): readonly Point[] =>
    maxMs === undefined ? [] : [[(atMs - start) / 1_000, maxMs]],
  );
}

/** At the moment of the write. */
function delays(trial: TrialEvidence): readonly Point[] {
  const start = faultStart(trial);
  const seen = trial.history.flatMap((o): readonly Point[] =>
    o.kind === 'visible' ? [[(o.atMs - o.delayMs - start) / 1_000, o.delayMs]] : [],
  );
  return seen.toSorted(([a], [b]) => a - b);
}

/** Where the record tells of the beginning of the fault phase, from which the charts count. */
function faultLine({ history }: TrialEvidence): number | undefined {
  const index = history.findIndex((o) => o.kind === 'phase' && o.phase === 'fault');
  return index < 0 ? undefined : index + 1;
}

function eventTable({ events }: Timeline): Markup | undefined {
  if (events.length === 0) return undefined;
  return table({
    caption: 'Events',
    head: ['mark', 'second', 'event', 'proof'],
    rows: events.map(({ letter, second, text, proof }) => [letter, second.toFixed(2), text, proof ?? '–']),
  });
}

function totals(trials: readonly TrialEvidence[]): Markup {
  return table({
    caption: 'Load of this block',
    head: ['arm', 'sent', 'answered rightly', 'gone wrong, by kind', 'engine, µs a request', 'converged', 'record'],
    rows: trials.map((trial) => {
      const load = secondsOf(trial);
      const converged = trial.history.some((o) => o.kind === 'converged' && o.atMs >= faultStart(trial));
      return [
        trial.arm,
        sum(load.map(({ sent }) => sent)),
        sum(load.map(({ ok }) => ok)),
        errorKinds(load),
        engineCost(trial),
        converged ? 'yes' : 'never',
        place(`${trial.folder}/history.ndjson`, faultLine(trial)),
      ];
    }),
  });
}

/** Of processor time: what sends the load takes it from the cores that serve it. */
function engineCost({ history }: TrialEvidence): string {
  const cost = history.find((o) => o.kind === 'sample' && o.metric === samples.loadCpu);
  return cost?.kind === 'sample' ? number(cost.value) : '–';
}

function errorKinds(load: readonly Second[]): string {
  const kinds = new Map<string, number>();
  for (const { errors } of load)
    for (const [kind, count] of Object.entries(errors)) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  return kinds.size === 0 ? 'none' : [...kinds].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}

function secondTable(trials: readonly TrialEvidence[]): Markup {
  const rows = trials.flatMap((trial) =>
    secondsOf(trial).map((second) => [
      ((second.atMs - faultStart(trial)) / 1_000).toFixed(1),
      trial.arm,
      second.sent,
      ...quantities.map(({ of }) => number(of(second) ?? Number.NaN)),
    ]),
  );
  return table({
    caption: 'Load by second since the fault phase began',
    head: ['second', 'arm', 'sent', 'ok', 'errors', 'p50, ms', 'p99, ms'],
    rows,
    limit: 120,
    rest: 'the records above',
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
