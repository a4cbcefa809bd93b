/** A latency distribution as its quantiles, a line for each arm: the rarer a latency is, the farther right it stands. */
import type { Histogram } from 'hdr-histogram-js';
import type { Arm } from '../../../model/plan.ts';
import { armStyle } from '../arm-style.ts';
import type { Markup } from '../markup.ts';
import { number } from '../units.ts';
import { extent } from './extent.ts';
import { axis, draw } from './svg.ts';

/** Named on the axis and in words. */
const named = [50, 90, 99, 99.9, 99.99] as const;
/** Points of a line between two powers of ten. */
const pointsPerDecade = 16;

/** Histograms of microseconds. Undefined when none of them holds anything. */
export function quantileChart(id: string, title: string, of: ReadonlyMap<Arm, Histogram>): Markup | undefined {
  const shown = [...of].filter(([, histogram]) => histogram.totalCount > 0);
  if (shown.length === 0) return undefined;
  const lines = shown.map(([arm, histogram]) => [arm, points(histogram)] as const);
  const [, most] = extent(lines.flatMap(([, line]) => line.map(([rarity]) => rarity)));
  const ticks = named.map(rarity).filter((at) => at <= most);
  return draw({
    id,
    title: `${title}, ms (log scale)`,
    description: shown.map(([arm, histogram]) => `${arm}: ${inWords(histogram)}`).join('; '),
    height: 250,
    option: {
      grid: { left: 54, right: 24, top: 16, bottom: 46 },
      xAxis: {
        ...axis,
        type: 'value',
        min: 0,
        max: most,
        name: 'per cent of the requests that are at least as fast',
        nameLocation: 'middle',
        nameGap: 28,
        splitLine: { show: false },
        axisTick: { customValues: [0, ...ticks] },
        axisLabel: {
          ...axis.axisLabel,
          customValues: [0, ...ticks],
          formatter: (at: number) => String(Number((100 * (1 - 10 ** -at)).toFixed(4))),
        },
      },
      yAxis: { ...axis, type: 'log', axisLabel: { ...axis.axisLabel, formatter: number } },
      series: lines.map(([arm, data]) => line(arm, data)),
    },
  });
}

/** How many tens of requests one is the slowest of: 1 for the 90th percentile, 2 for the 99th. */
function rarity(percent: number): number {
  return -Math.log10(1 - percent / 100);
}

/** Up to the slowest request, which is one of all. */
function points(histogram: Histogram): readonly (readonly [rarity: number, ms: number])[] {
  const last = Math.max(1, Math.ceil(Math.log10(histogram.totalCount) * pointsPerDecade));
  return Array.from({ length: last + 1 }, (_, i) => {
    const at = i / pointsPerDecade;
    return [at, Math.max(1, histogram.getValueAtPercentile(100 * (1 - 10 ** -at))) / 1_000];
  });
}

function line(arm: Arm, data: readonly (readonly [number, number])[]): object {
  const { colour, dash, width } = armStyle[arm];
  return {
    type: 'line',
    silent: true,
    data,
    showSymbol: false,
    lineStyle: { color: colour, width, type: dash === 'solid' ? dash : [...dash] },
  };
}

function inWords(histogram: Histogram): string {
  const known = named.filter((percent) => histogram.totalCount * (1 - percent / 100) >= 1);
  const told = known.map((percent) => `p${percent} ${number(histogram.getValueAtPercentile(percent) / 1_000)}`);
  return [...told, `most ${number(histogram.maxValue / 1_000)} ms`].join(', ');
}
