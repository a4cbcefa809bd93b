/** What benchmarks say of their rounds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianInterval, theilSen } from '../../../bench/spread.ts';

test.each([
  // As tables of the sign test have it: ranks 1 of 6, 2 of 10, 6 of 20, 7 of 24.
  [6, 1],
  [10, 2],
  [20, 6],
  [24, 7],
])('of %i values the interval begins at the one of rank %i and ends as far from the other end', (count, rank) => {
  const values = Array.from({ length: count }, (_, index) => index + 1);
  const { median, low, high } = medianInterval(values.toReversed());
  expect({ median, low, high }).toEqual({ median: (count + 1) / 2, low: rank, high: count + 1 - rank });
});

test('of five values there is no interval', () => {
  expect(() => medianInterval([1, 2, 3, 4, 5])).toThrow('6 values');
});

test('the slope is that of a line, and one point that stands out does not move it', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 19 }), (slope, out) => {
      const line = (x: number): number => 7 + slope * x + (x === out ? 1_000 : 0);
      const points = Array.from({ length: 20 }, (_, x): [number, number] => [x, line(x)]);
      expect(theilSen(points)).toBe(slope);
    }),
  );
});
