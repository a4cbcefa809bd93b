/** CPU per event and delay against the number of watchers, as an SVG that needs no script. */
import * as echarts from 'echarts';
import { type Where, figureOf, placesOf } from './record.ts';
import type { Figures, Round } from './round.ts';
import { ways } from './ways.ts';

interface Panel {
  readonly title: string;
  readonly figure: keyof Figures;
  readonly left: string;
}

const panels: readonly Panel[] = [
  { title: 'CPU per delivered event, µs', figure: 'cpuPerEventUs', left: '6%' },
  { title: 'put to delivered, p99, ms', figure: 'delayP99Ms', left: '55%' },
];
/** Told apart by lightness too. */
const colours = ['#8a8a8a', '#c9a227', '#1b6ca8', '#0b2e4f'];

export function plot(rounds: readonly Round[]): string {
  const places = placesOf(rounds);
  const names = [...new Set(places.map(({ way }) => way))];
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 360 });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: colours,
    legend: { bottom: 0, data: names.map((way) => ways[way].title) },
    title: panels.map(({ title, left }) => ({ text: title, left, textStyle: { fontSize: 13, fontWeight: 'normal' } })),
    grid: panels.map(({ left }) => ({ left, width: '40%', top: 40, bottom: 70 })),
    xAxis: panels.map((_panel, gridIndex) => ({
      type: 'log',
      gridIndex,
      min: 10,
      max: 10_000,
      name: 'watchers',
      nameLocation: 'middle',
      nameGap: 24,
    })),
    yAxis: panels.map((_panel, gridIndex) => ({ type: 'log', gridIndex, min: 1 })),
    series: panels.flatMap(({ figure }, index) =>
      names.map((way) => ({
        name: ways[way].title,
        type: 'line' as const,
        xAxisIndex: index,
        yAxisIndex: index,
        symbolSize: 7,
        data: places.filter((place) => place.way === way).map((place) => point(rounds, place, figure)),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

function point(rounds: readonly Round[], place: Where, figure: keyof Figures): readonly [number, number] {
  return [place.watchers, figureOf(rounds, place, figure)];
}
