/** The single values of one metric: a point for each trial, a row for each arm. */
import { arms, type Arm } from '../../../model/plan.ts';
import type { TrialValue } from '../../../model/verdict.ts';
import type { Metric } from '../../../../scenarios/scenario.ts';
import { armStyle } from '../arm-style.ts';
import type { Markup } from '../markup.ts';
import { metricWords, number, unitInFull } from '../units.ts';
import { axis, draw } from './svg.ts';

/** Largest over smallest value from which on a log scale is clearer. */
const wideSpread = 20;

export function valuesChart(id: string, metric: Metric, values: readonly TrialValue[]): Markup | undefined {
  const { unit, factor } = metricWords[metric];
  const shown = arms.filter((arm) => values.some((value) => value.arm === arm));
  const numbers = values.flatMap(({ value }) => (value === null ? [] : [value * factor]));
  if (numbers.length === 0) return undefined;
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const log = least > 0 && most / least > wideSpread;
  return draw({
    id,
    title: `Each trial, ${unit}${held(values, shown)}`,
    description: shown.map((arm) => `${arm}: ${listed(values, arm, factor)} ${unit}`).join('; '),
    height: 70 + shown.length * 30,
    option: {
      grid: { left: 60, right: 24, top: 12, bottom: 46 },
      xAxis: {
        ...axis,
        type: log ? 'log' : 'value',
        ...(log ? {} : { min: 0, max: most === 0 ? 1 : undefined }),
        name: `${unitInFull(unit)}${log ? ', log scale' : ''}`,
        nameLocation: 'middle',
        nameGap: 28,
        axisLabel: { ...axis.axisLabel, formatter: number },
      },
      yAxis: { ...axis, type: 'category', data: shown, inverse: true, axisTick: { show: false } },
      series: shown.flatMap((arm) => rowOf(arm, numbersOf(values, arm, factor))),
    },
  });
}

/** A bar from the least to the greatest value, and the values on it. */
function rowOf(arm: Arm, numbers: readonly number[]): readonly object[] {
  const { colour, symbol, symbolSize } = armStyle[arm];
  const bar = numbers.length < 2 ? [] : [Math.min(...numbers), Math.max(...numbers)];
  return [
    {
      type: 'line',
      silent: true,
      data: bar.map((value) => [value, arm]),
      showSymbol: false,
      lineStyle: { color: colour, width: 9, opacity: 0.25 },
    },
    {
      type: 'scatter',
      silent: true,
      data: numbers.map((value) => [value, arm]),
      symbol,
      symbolSize: symbolSize + 3,
      itemStyle: { color: colour, opacity: 0.8 },
    },
  ];
}

/**
 * What the bars say without believing in any distribution: the median of n equal trials lies outside of them only when
 * all are on one side of it, which has probability 2 ÷ 2ⁿ.
 */
function held(values: readonly TrialValue[], shown: readonly Arm[]): string {
  const least = Math.min(...shown.map((arm) => numbersOf(values, arm, 1).length));
  if (least < 2) return '';
  return `; a bar holds the median with ${number(100 * (1 - 2 / 2 ** least))} % confidence`;
}

function numbersOf(values: readonly TrialValue[], arm: Arm, factor: number): readonly number[] {
  return values.flatMap((value) => (value.arm === arm && value.value !== null ? [value.value * factor] : []));
}

function listed(values: readonly TrialValue[], arm: Arm, factor: number): string {
  const all = values.filter((value) => value.arm === arm);
  return all.map(({ value }) => (value === null ? 'none' : number(value * factor))).join(', ');
}
