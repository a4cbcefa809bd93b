/** What a set of measurements says, and how sure it is of it. */
import { median } from './row.ts';

/** Of both ends of an interval together: what may lie outside. */
const outside = 0.05;

export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The median, with two of the values between which it lies in at least 95 of 100 such sets, however they are distributed:
 * how many lie below it is binomial. Of fewer than six there are no such two.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  let [rank, chance, below] = [0, 0.5 ** count, 0];
  while (below + chance <= outside / 2) {
    below += chance;
    chance *= (count - rank) / (rank + 1);
    rank++;
  }
  const [low, high] = [sorted[rank - 1], sorted[count - rank]];
  if (low === undefined || high === undefined) throw new RangeError(`an interval needs 6 values, not ${count}`);
  return { median: median(sorted), low, high };
}

/** Theil and Sen: the median of the slopes between any two points. A few that stand out do not move it. */
export function theilSen(points: readonly (readonly [number, number])[]): number {
  return median(
    points.flatMap(([x, y], index) => points.slice(index + 1).map(([other, there]) => (there - y) / (other - x))),
  );
}
