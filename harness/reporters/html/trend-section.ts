/** What the numbers of a pair did over the nights: those with an alarm that nobody has answered first. */
import type { Drift } from '../../model/trend-alarm.ts';
import { type ShownSeries, rings, trendWords } from '../trend-words.ts';
import { trendChart } from './charts/trend-chart.ts';
import { markup, type Markup } from './markup.ts';
import { folded } from './table.ts';

/** Series that are drawn; the others are told in words. */
const mostCharts = 12;

export function trendSection(all: readonly ShownSeries[]): Markup {
  const ordered = all.toSorted((a, b) => Number(rings(b)) - Number(rings(a)));
  const [drawn, rest] = [ordered.slice(0, mostCharts), ordered.slice(mostCharts)];
  const others = markup`<ul>${rest.map((each) => markup`<li>${trendWords(each).join('; ')}</li>\n`)}</ul>`;
  return markup`<section id="trends" aria-labelledby="trends-title"><h2 id="trends-title">Over the nights</h2>
<p>${all.filter(rings).length} of ${all.length} series have an alarm that stands. <code>gatecrash history acknowledge</code> accepts what is the new normal.</p>
${drawn.map((each, i) => oneSeries(each, `trend${i + 1}`))}
${rest.length === 0 ? undefined : folded(`${rest.length} more`, others)}
</section>`;
}

function oneSeries(shown: ShownSeries, id: string): Markup {
  const { points } = shown.series;
  const [head = '', ...words] = trendWords(shown);
  const changedAt = (drift: Drift): number | undefined =>
    shown.trends.find((trend) => trend.drift === drift)?.alarm?.since;
  const nights = (of: (point: (typeof points)[number]) => number): readonly { day: string; value: number }[] =>
    points.map((point) => ({ day: point.startedAt.slice(0, 10), value: of(point) }));
  const charts = [
    trendChart({
      id: `${id}-ratio`,
      title: 'Canary over stable, of the same night',
      arm: 'canary',
      nights: nights(({ contrast }) => Math.exp(contrast)),
      changedAt: changedAt('version'),
      equal: 1,
    }),
    trendChart({
      id: `${id}-stable`,
      title: 'Stable itself',
      arm: 'stable',
      nights: nights(({ stableValue }) => stableValue),
      changedAt: changedAt('environment'),
    }),
  ];
  return markup`<h3>${head}</h3>${words.map((line) => markup`<p>${line.trim()}</p>`)}
<div class="charts">${points.length === 0 ? undefined : charts}</div>`;
}
