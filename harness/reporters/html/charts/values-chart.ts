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
    title: `Each trial, ${unit}`,
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
      series: shown.map((arm) => ({
        type: 'scatter',
        silent: true,
        data: values.flatMap((value) =>
          value.arm === arm && value.value !== null ? [[value.value * factor, arm]] : [],
        ),
        symbol: armStyle[arm].symbol,
        symbolSize: armStyle[arm].symbolSize + 3,
        itemStyle: { color: armStyle[arm].colour, opacity: 0.8 },
      })),
    },
  });
}

function listed(values: readonly TrialValue[], arm: Arm, factor: number): string {
  const all = values.filter((value) => value.arm === arm);
  return all.map(({ value }) => (value === null ? 'none' : number(value * factor))).join(', ');
}
