/** Draws a chart by ECharts without a browser, and makes its SVG fit for the page. */
import { createRequire } from 'node:module';
import type { init } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import { escape } from '../../escape.ts';
import { markup, trusted, type Markup } from '../markup.ts';

export interface Chart {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What a reader who cannot see it should know. */
  readonly description: string;
  readonly height: number;
  readonly option: EChartsCoreOption;
  /** Shapes of our own, which lie beneath what ECharts draws: it would take ten times the bytes for as many. */
  readonly layer?: (place: Place) => string;
}

/** Where a point of the axes lies in the drawing. */
export type Place = (x: number, y: number) => readonly [left: number, top: number];

/** As wide as a phone shows without shrinking the letters much; wider places show two beside each other. */
export const chartWidth = 440;

/** Shared look of axes: ink and lines are properties of the style sheet, so that one drawing serves light and dark. */
export const axis = {
  nameTextStyle: { color: 'var(--quiet)', fontSize: 12 },
  axisLabel: { color: 'var(--quiet)', fontSize: 12 },
  axisLine: { show: true, lineStyle: { color: 'var(--line)' } },
  axisTick: { lineStyle: { color: 'var(--line)' } },
  splitLine: { lineStyle: { color: 'var(--faint)' } },
} as const;

/** Loaded with the first chart: it takes a quarter of a second, which commands without a page need not wait. */
function load(): { readonly init: typeof init } {
  return createRequire(import.meta.url)('echarts') as { readonly init: typeof init };
}

export function draw({ id, title, description, height, option, layer }: Chart): Markup {
  const chart = load().init(null, null, { renderer: 'svg', ssr: true, width: chartWidth, height });
  try {
    chart.setOption({ animation: false, ...option });
    const svg = cleaned(chart.renderToSVGString(), id, description);
    const place: Place = (x, y) => {
      const [left = 0, top = 0] = chart.convertToPixel({ gridIndex: 0 }, [x, y]);
      return [left, top];
    };
    const whole = layer === undefined ? svg : svg.replace(/^<svg [^>]*>/, (tag) => tag + layer(place));
    return markup`<figure><figcaption>${title}</figcaption>${trusted(whole)}</figure>`;
  } finally {
    chart.dispose();
  }
}

/**
 * Without its inline styles, which the page's security policy forbids and which only serve hovering, and with ids that
 * do not depend on how many charts this process drew before.
 */
function cleaned(svg: string, id: string, description: string): string {
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, '')
    .replaceAll(/<rect [^>]*fill="none"><\/rect>\n?/g, '')
    .replaceAll(/ (?:style|class|pointer-events|ecmeta_\w+|xmlns:xlink|baseProfile|version|xml:space)="[^"]*"/g, '')
    .replaceAll(/zr\d+-/g, `${escape(id)}-`)
    .replaceAll(/ (?:d|points|transform)="[^"]*"/g, (attribute) => attribute.replaceAll(/(\.\d\d)\d+/g, '$1'))
    .replace(/<svg width="\d+" height="\d+"/, () => markup`<svg role="img" aria-label="${description}"`.markup);
}
