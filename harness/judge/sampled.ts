/** The sampled numbers of a trial, and what they were between two samples. */
import type { History } from '../model/history.ts';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** The samples of one name, in order. */
export function sampled(history: History, name: string): readonly Point[] {
  return history.flatMap((o) => (o.kind === 'sample' && o.metric === name ? [{ atMs: o.atMs, value: o.value }] : []));
}

/** The value at a moment, by a straight line between the samples around it; undefined outside of them. */
export function valueAt(points: readonly Point[], atMs: number): number | undefined {
  const after = points.findIndex((point) => point.atMs >= atMs);
  const next = points[after];
  if (next === undefined) return undefined;
  if (next.atMs === atMs) return next.value;
  const before = points[after - 1];
  if (before === undefined) return undefined;
  const share = (atMs - before.atMs) / (next.atMs - before.atMs);
  return before.value + share * (next.value - before.value);
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How much a counter grew over a span; undefined when the samples do not cover it. */
export function growth(points: readonly Point[], { fromMs, toMs }: Span): number | undefined {
  const [from, to] = [valueAt(points, fromMs), valueAt(points, toMs)];
  return from === undefined || to === undefined ? undefined : to - from;
}
