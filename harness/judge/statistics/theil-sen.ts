/** The Theil–Sen slope: the median of the slopes between all pairs of points. A third of them may be wild. */
import { median } from 'simple-statistics';

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** Pairs grow with the square: of more points than this, evenly spaced ones are taken. */
const mostPoints = 400;

/** Undefined when no two points differ in x. */
export function theilSen(points: readonly XY[]): number | undefined {
  const step = Math.max(1, points.length / mostPoints);
  const used = Array.from({ length: Math.min(points.length, mostPoints) }, (_, i) => points[Math.floor(i * step)]);
  const slopes: number[] = [];
  used.forEach((a, i) => {
    for (const b of used.slice(i + 1))
      if (a !== undefined && b !== undefined && a.x !== b.x) slopes.push((b.y - a.y) / (b.x - a.x));
  });
  return slopes.length === 0 ? undefined : median(slopes);
}
