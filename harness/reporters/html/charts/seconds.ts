/** What all charts over the seconds of a block share: their axis, and the marks of faults and events. */
import { armStyle } from '../arm-style.ts';
import type { Timeline } from '../timeline.ts';
import { axis } from './svg.ts';

export function secondsAxis(min: number, max: number): object {
  return {
    ...axis,
    type: 'value',
    min,
    max,
    name: 'seconds since the fault phase began',
    nameLocation: 'middle',
    nameGap: 28,
    splitLine: { show: false },
    axisLine: { ...axis.axisLine, onZero: false },
    axisLabel: {
      ...axis.axisLabel,
      formatter: (second: number) => String(Math.round(second * 10) / 10),
      showMinLabel: false,
      showMaxLabel: false,
    },
  };
}

/** A series without data, with the faults as areas and the events as lines under their letters. */
export function marked({ windows, events }: Timeline): object {
  return {
    type: 'line',
    data: [],
    markArea: {
      silent: true,
      itemStyle: { color: 'var(--fault)' },
      data: windows.map(({ from, to }) => [{ xAxis: from }, { xAxis: to }]),
    },
    markLine: {
      silent: true,
      symbol: 'none',
      data: events.map(({ letter, second, level, arm }) => ({
        xAxis: second,
        lineStyle: { color: arm === undefined ? 'var(--quiet)' : armStyle[arm].colour, width: 1, type: [3, 3] },
        label: { formatter: letter, color: 'var(--ink)', fontSize: 12, distance: [0, 2 + level * 13] },
      })),
    },
  };
}
