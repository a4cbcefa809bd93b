/** A small line over time, without axes: what matters is its form. */
import { type Markup, markup, trusted } from '../html/markup.ts';

export interface Spark {
  readonly title: string;
  readonly values: readonly number[];
  /** Where the scale ends below; above it ends at the largest value. */
  readonly least?: number;
  /** Index of a value before which something changed. */
  readonly changedAt?: number | undefined;
}

const [width, height] = [440, 60];

/** Drawn by hand and not by ECharts: the live page draws every second beside a trial that is timed on the same cores. */
export function spark({ title, values, least, changedAt }: Spark): Markup {
  const last = values.at(-1);
  if (last === undefined) return markup`<p>${title}: nothing yet</p>`;
  const [low, high] = [least ?? Math.min(...values), Math.max(...values)];
  const x = (i: number): string => ((i * width) / Math.max(1, values.length - 1)).toFixed(1);
  const y = (value: number): string =>
    (high > low ? height * (1 - (value - low) / (high - low)) : height / 2).toFixed(1);
  const path = values.map((value, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(value)}`).join('');
  const mark = changedAt === undefined ? '' : `<path d="M${x(changedAt)} 0V${height}" stroke="var(--regression)"/>`;
  const words = `${title}: ${number(last)} now, ${number(Math.min(...values))} to ${number(high)}`;
  return markup`<figure><figcaption>${words}</figcaption>
<svg role="img" aria-label="${words}" viewBox="0 -2 ${width} ${height + 4}">
${trusted(`<path d="${path}" fill="none" stroke="var(--canary)" stroke-width="1.5"/>${mark}`)}</svg></figure>`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
