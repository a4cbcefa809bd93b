/** One number of each night, with the night of a change marked. */
import type { Arm } from '../../../model/plan.ts';
import { armStyle } from '../arm-style.ts';
import type { Markup } from '../markup.ts';
import { number } from '../units.ts';
import { extent } from './extent.ts';
import { axis, draw } from './svg.ts';

export interface TrendChart {
  readonly id: string;
  readonly title: string;
  /** Whose colour it has. */
  readonly arm: Arm;
  readonly nights: readonly { readonly day: string; readonly value: number }[];
  /** Index of the first night after a change. */
  readonly changedAt: number | undefined;
  /** A value to compare with, such as 1 for a ratio. */
  readonly equal?: number;
}

export function trendChart({ id, title, arm, nights, changedAt, equal }: TrendChart): Markup {
  const { colour, symbol, symbolSize, width } = armStyle[arm];
  const values = nights.map(({ value }) => value);
  const [least, most] = extent(values);
  const changed = changedAt === undefined ? '' : `; changed in the night of ${nights[changedAt]?.day ?? '?'}`;
  const marks = [
    ...(equal === undefined ? [] : [{ yAxis: equal, ...mark('equal', 'var(--quiet)') }]),
    ...(changedAt === undefined ? [] : [{ xAxis: changedAt, ...mark('changed', 'var(--regression)') }]),
  ];
  return draw({
    id,
    title,
    description: `${nights.length} nights: ${number(least)} to ${number(most)}, last ${number(values.at(-1) ?? Number.NaN)}${changed}`,
    height: 190,
    option: {
      grid: { left: 54, right: 40, top: 26, bottom: 30 },
      xAxis: { ...axis, type: 'category', data: nights.map(({ day }) => day) },
      yAxis: { ...axis, type: 'value', scale: true, axisLabel: { ...axis.axisLabel, formatter: number } },
      series: {
        type: 'line',
        silent: true,
        data: values,
        showSymbol: nights.length <= 60,
        symbol,
        symbolSize: symbolSize - 2,
        lineStyle: { color: colour, width },
        itemStyle: { color: colour, opacity: 1 },
        markLine: { silent: true, symbol: 'none', data: marks },
      },
    },
  });
}

function mark(formatter: string, color: string): object {
  return { lineStyle: { color, type: [4, 4], width: 1.5 }, label: { formatter, color: 'var(--ink)', fontSize: 12 } };
}
