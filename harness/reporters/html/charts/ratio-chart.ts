/** The interval of one metric's canary-to-stable ratio, against the limits that decide. */
import type { Finding } from '../../../model/verdict.ts';
import type { Markup } from '../markup.ts';
import { number, times } from '../units.ts';
import { axis, chartWidth, draw } from './svg.ts';

const marks = { equal: [3], 'minimum effect': [4, 4], tolerance: [10, 4] } as const;
/** Room beside the axis for the labels of marks at its ends. */
const side = 48;
/** Ratios that an axis names, as far as they fit. */
const niceRatios = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64]
  .concat([128, 256, 512, 1_024, 2_048, 4_096])
  .map(Math.log2);

/** Undefined when nothing was estimated. */
export function ratioChart(id: string, finding: Finding): Markup | undefined {
  const { estimate, interval, confidence } = finding;
  if (estimate === undefined || interval === undefined) return undefined;
  const limits = limitsOf(finding);
  const [low, middle, high] = [interval.low, estimate, interval.high].map(position);
  const ends = [low ?? 0, high ?? 0, ...limits.map(({ at }) => at)];
  const range = [Math.min(...ends) - 0.15, Math.max(...ends) + 0.15] as const;
  const sure = confidence === undefined ? '' : ` with ${number(confidence * 100)} % confidence`;
  const words = limits.map(({ name, ratio }) => `${name} ${times(ratio)}`).join(', ');
  return draw({
    id,
    title: `Canary ÷ stable, with its ${confidence === undefined ? '' : `${number(confidence * 100)} % `}interval`,
    description: `Canary over stable: ${times(estimate)}, from ${times(interval.low)} to ${times(interval.high)}${sure}; ${words}.`,
    height: 150,
    option: {
      grid: { left: side, right: side, top: 52, bottom: 46 },
      xAxis: { ...axis, ...ratioAxis(range) },
      yAxis: { type: 'value', show: false, min: -1, max: 1 },
      series: [
        limitSeries(limits),
        segment([low, high], { symbol: 'rect', symbolSize: [3, 18] }),
        segment([middle], { symbol: 'diamond', symbolSize: 14 }),
      ],
    },
  });
}

interface Limit {
  readonly name: keyof typeof marks;
  readonly ratio: number;
  readonly at: number;
}

function limitsOf({ minimumEffect, tolerance }: Finding): readonly Limit[] {
  return [...limit('equal', 0), ...limit('minimum effect', minimumEffect), ...limit('tolerance', tolerance)];
}

function limit(name: Limit['name'], share: number | undefined): readonly Limit[] {
  return share === undefined ? [] : [{ name, ratio: 1 + share, at: position(1 + share) }];
}

/** On the axis: ratios are compared on a log scale. A ratio of nothing is drawn at the edge. */
function position(ratio: number): number {
  return Math.log2(Math.min(4_096, Math.max(0.01, ratio)));
}

function ratioAxis([min, max]: readonly [number, number]): object {
  const apart = ((max - min) * 40) / (chartWidth - 2 * side);
  const ticks = niceRatios
    .filter((at) => at >= min && at <= max)
    .toSorted((a, b) => Math.abs(a) - Math.abs(b))
    .reduce<readonly number[]>(
      (taken, at) => (taken.some((t) => Math.abs(t - at) < apart) ? taken : [...taken, at]),
      [],
    );
  return {
    type: 'value',
    min,
    max,
    name: 'ratio, log scale; right of 1× the canary is worse',
    nameLocation: 'middle',
    nameGap: 28,
    splitLine: { show: false },
    axisTick: { customValues: ticks },
    axisLabel: { ...axis.axisLabel, customValues: ticks, formatter: (at: number) => times(2 ** at) },
  };
}

function limitSeries(limits: readonly Limit[]): object {
  return {
    type: 'line',
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      data: limits.map(({ name, ratio, at }, level) => ({
        xAxis: at,
        lineStyle: { color: name === 'equal' ? 'var(--quiet)' : 'var(--limit)', type: [...marks[name]], width: 1.5 },
        // One above the other, so that limits close to each other stay legible.
        label: {
          formatter: `${name} ${times(ratio)}`,
          color: 'var(--ink)',
          fontSize: 12,
          distance: [0, 2 + level * 14],
        },
      })),
    },
  };
}

function segment(at: readonly (number | undefined)[], shape: object): object {
  return {
    type: 'line',
    silent: true,
    data: at.map((x) => [x, 0]),
    ...shape,
    lineStyle: { color: 'var(--canary)', width: 4 },
    itemStyle: { color: 'var(--canary)', opacity: 1 },
  };
}
