/** A small line over time, without axes: what matters is its form. */
import type { Arm } from '../../model/plan.ts';
import { armStyle } from '../html/arm-style.ts';
import { extent } from '../html/charts/extent.ts';
import { type Markup, markup, trusted } from '../html/markup.ts';

export interface Spark {
  readonly title: string;
  readonly values: readonly number[];
  /** Whose colour it has. */
  readonly arm: Arm;
  /** Where the scale ends below; above it ends at the largest value. */
  readonly least?: number;
  /** Index of a value before which something changed. */
  readonly changedAt?: number | undefined;
}

const [width, height] = [440, 60];

/** Drawn by hand and not by ECharts: the live page draws every second beside a trial that is timed on the same cores. */
export function spark({ title, values, arm, least, changedAt }: Spark): Markup {
  const last = values.at(-1);
  if (last === undefined) return markup`<p>${title}: nothing yet</p>`;
  const [smallest, high] = extent(values);
  const low = least ?? smallest;
  const x = (i: number): string => ((i * width) / Math.max(1, values.length - 1)).toFixed(1);
  // Nothing but the least that there can be lies at the bottom; any other level line has no place of its own.
  const flat = least === undefined ? height / 2 : height;
  const y = (value: number): string => (high > low ? height * (1 - (value - low) / (high - low)) : flat).toFixed(1);
  const path = drawn(values)
    .map((i, n) => `${n === 0 ? 'M' : 'L'}${x(i)} ${y(values[i] ?? low)}`)
    .join('');
  const mark = changedAt === undefined ? '' : `<path d="M${x(changedAt)} 0V${height}" stroke="var(--regression)"/>`;
  const words = `${title}: ${number(last)} now, ${number(smallest)} to ${number(high)}`;
  return markup`<figure><figcaption>${words}</figcaption>
<svg role="img" aria-label="${words}" viewBox="0 -2 ${width} ${height + 4}">
${trusted(`<path d="${path}" fill="none" stroke="${armStyle[arm].colour}" stroke-width="1.5"/>${mark}`)}</svg></figure>`;
}

/** Indices of the values that can be told apart: of each column the smallest and the largest, so that no peak is lost. */
function drawn(values: readonly number[]): readonly number[] {
  const all = values.map((_, i) => i);
  if (values.length <= 2 * width) return all;
  return Array.from({ length: width }, (_, column) => {
    const [from, to] = [column, column + 1].map((edge) => Math.floor((edge * values.length) / width));
    const ordered = all.slice(from, to).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    return [...new Set([ordered[0] ?? 0, ordered.at(-1) ?? 0])].toSorted((a, b) => a - b);
  }).flat();
}

function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
