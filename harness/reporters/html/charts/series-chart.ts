/** One quantity over the seconds of a block, a line for each arm, with the faults shaded and the events marked. */
import type { Arm } from '../../../model/plan.ts';
import { armStyle } from '../arm-style.ts';
import type { Markup } from '../markup.ts';
import type { Timeline } from '../timeline.ts';
import { number } from '../units.ts';
import { extent } from './extent.ts';
import { marked, secondsAxis } from './seconds.ts';
import { axis, draw } from './svg.ts';

/** A value at a second, counted from the start of the fault phase. */
export type Point = readonly [second: number, value: number | null];

export interface Series {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Whether only whole numbers have a meaning. */
  readonly whole?: boolean;
  readonly lines: ReadonlyMap<Arm, readonly Point[]>;
  readonly timeline: Timeline;
}

/** More points than this on a line are thinned, and shown without shapes. */
const mostPoints = 600;
const mostShapes = 60;
const wideSpread = 30;

export function seriesChart({ id, title, unit, lines, timeline, whole = false }: Series): Markup {
  const values = [...lines.values()].flat().flatMap(([, value]) => (value === null ? [] : [value]));
  // Events before the first or after the last second of load are shown too.
  const times = [
    ...[...lines.values()].flat().map(([second]) => second),
    ...timeline.events.map(({ second }) => second),
  ];
  const positive = values.filter((value) => value > 0);
  const [least, most] = extent(positive);
  const log = positive.length > 0 && positive.length === values.length && most / least > wideSpread;
  return draw({
    id,
    title: `${title}, ${unit}${log ? ' (log scale)' : ''}`,
    description: [...lines].map(([arm, points]) => described(arm, points, unit)).join('; '),
    height: 250,
    option: {
      grid: { left: 54, right: 18, top: 46, bottom: 46 },
      xAxis: secondsAxis(...extent(times)),
      yAxis: {
        ...axis,
        type: log ? 'log' : 'value',
        axisLine: { ...axis.axisLine, onZero: false },
        ...(whole ? { minInterval: 1 } : {}),
        ...(log ? {} : { min: 0, max: values.every((value) => value === 0) ? 1 : undefined }),
        axisLabel: { ...axis.axisLabel, formatter: number },
      },
      series: [marked(timeline), ...[...lines].map(([arm, points]) => line(arm, points, log))],
    },
  });
}

function line(arm: Arm, points: readonly Point[], log: boolean): object {
  const { colour, dash, width, symbol, symbolSize } = armStyle[arm];
  return {
    type: 'line',
    silent: true,
    data: points.map(([second, value]) => [second, log && value === 0 ? null : value]),
    ...(points.length > mostPoints ? { sampling: 'lttb' } : {}),
    showSymbol: points.length <= mostShapes,
    symbol,
    symbolSize: symbolSize - 1,
    lineStyle: { color: colour, width, type: dash === 'solid' ? dash : [...dash] },
    itemStyle: { color: colour, opacity: 1 },
  };
}

function described(arm: Arm, points: readonly Point[], unit: string): string {
  const values = points.flatMap(([, value]) => (value === null ? [] : [value]));
  if (values.length === 0) return `${arm}: no data`;
  const [least, most] = extent(values);
  return `${arm}: ${number(least)} to ${number(most)} ${unit}`;
}
