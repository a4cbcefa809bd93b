/** Routes by time: how much of each row a worker served as it was before, the darker the more. */
import type { Interval, RouteStaleness, WorkerStaleness } from '../staleness.ts';
import type { Markup } from '../markup.ts';
import type { Timeline } from '../timeline.ts';
import { number } from '../units.ts';
import { marked, secondsAxis } from './seconds.ts';
import { type Place, axis, draw } from './svg.ts';

export interface HeatMap {
  readonly id: string;
  readonly title: string;
  readonly worker: WorkerStaleness;
  /** What is shown, and where its second 0 is. Milliseconds of the trial. */
  readonly span: Interval;
  readonly startMs: number;
  readonly timeline: Timeline;
}

/** More routes than this share rows; time is told apart in so many steps. */
const mostRows = 36;
const columns = 100;
const rowHeight = 4;
/** Darkest: all of it. The lightest is for routes that were served as written. */
export const levels = 4;

export function heatMap({ id, title, worker, span, startMs, timeline }: HeatMap): Markup {
  const { routes } = worker;
  const perRow = Math.ceil(routes.length / mostRows);
  const rows = Array.from({ length: Math.ceil(routes.length / perRow) }, (_, i) =>
    routes.slice(i * perRow, (i + 1) * perRow),
  );
  const cells = rows.map((row) => levelsOf(row, worker.seen, span));
  const seconds = ({ from, to }: Interval): [number, number] => [(from - startMs) / 1_000, (to - startMs) / 1_000];
  return draw({
    id,
    title: `${title}, ${routes.length} changed routes${perRow > 1 ? `, ${perRow} in a row` : ''}`,
    description: inWords(worker, startMs),
    height: 92 + Math.max(12, rows.length) * rowHeight,
    layer: (place) => bands(timeline, place, seconds(span), rows.length) + shapes(cells, place, seconds(span)),
    option: {
      grid: { left: 34, right: 18, top: 46, bottom: 46 },
      xAxis: secondsAxis(...seconds(span)),
      yAxis: {
        ...axis,
        type: 'value',
        min: 0,
        max: Math.max(1, rows.length),
        name: 'routes',
        nameLocation: 'middle',
        nameGap: 12,
        axisLine: { ...axis.axisLine, onZero: false },
        splitLine: { show: false },
        axisTick: { show: false },
        axisLabel: { show: false },
      },
      // The faults lie beneath the cells, whose colours say something.
      series: [marked({ ...timeline, windows: [] })],
    },
  });
}

/** One number for each step of time: 0 served, 1 to `levels` stale, undefined before any of them was changed. */
function levelsOf(row: readonly RouteStaleness[], seen: Interval, span: Interval): readonly (number | undefined)[] {
  const step = (span.to - span.from) / columns;
  return Array.from({ length: columns }, (_, column) => {
    const cell = { from: span.from + column * step, to: span.from + (column + 1) * step };
    const known = row.filter(({ writtenMs }) => writtenMs < cell.to);
    if (known.length === 0 || cell.to <= seen.from || cell.from >= seen.to) return undefined;
    const stale = known.reduce((sum, { stale }) => sum + shared(stale, cell), 0);
    return Math.ceil(levels * Math.min(1, stale / (known.length * step)));
  });
}

/** Milliseconds of a cell that lie within the intervals. */
function shared(intervals: readonly Interval[], { from, to }: Interval): number {
  return intervals.reduce((sum, one) => sum + Math.max(0, Math.min(one.to, to) - Math.max(one.from, from)), 0);
}

function bands({ windows }: Timeline, place: Place, [first, last]: readonly [number, number], rows: number): string {
  const rectangles = windows.map(({ from, to }) => {
    const [left, top] = place(Math.max(first, from), Math.max(1, rows));
    const [right, bottom] = place(Math.min(last, to), 0);
    return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}z`;
  });
  return rectangles.length === 0 ? '' : `<path d="${rectangles.join('')}" fill="var(--fault)"/>`;
}

/** A path for each level; neighbours of one level are one rectangle. */
function shapes(
  cells: readonly (readonly (number | undefined)[])[],
  place: Place,
  [from, to]: readonly [number, number],
): string {
  const [left, top] = place(from, Math.max(1, cells.length));
  const [right, bottom] = place(to, 0);
  const [width, height] = [(right - left) / columns, (bottom - top) / Math.max(1, cells.length)];
  const paths = Array.from({ length: levels + 1 }, () => '');
  cells.forEach((row, y) => {
    for (let x = 0, end = 0; x < columns; x = end) {
      const level = row[x];
      end = x + 1;
      while (end < columns && row[end] === level) end++;
      if (level === undefined) continue;
      const across = round((end - x) * width);
      paths[level] =
        `${paths[level] ?? ''}M${round(left + x * width)} ${round(top + y * height)}h${across}v${round(height)}h-${across}z`;
    }
  });
  return paths.map((d, level) => (d === '' ? '' : `<path d="${d}" fill="var(--heat-${level})"/>`)).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function inWords({ worker, routes, seen }: WorkerStaleness, startMs: number): string {
  const ends = routes.map(({ stale }) => stale.at(-1)?.to === seen.to);
  const left = ends.filter(Boolean).length;
  const spans = routes.flatMap(({ stale }) => stale.map(({ from, to }) => ({ ms: to - from, from })));
  const [longest] = spans.toSorted((a, b) => b.ms - a.ms);
  const worst =
    longest === undefined
      ? 'none was ever served in an older state'
      : `longest in an older state: ${number(longest.ms / 1_000)} s, from second ${number((longest.from - startMs) / 1_000)}`;
  return `worker ${worker}: ${routes.length} changed routes, ${left} of them not as last written at the end; ${worst}`;
}
