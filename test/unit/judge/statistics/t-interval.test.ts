/** Against scipy.stats.t.interval(1 − 2·alpha, n − 1, loc=mean, scale=sem). */
import { describe, expect, it } from 'vitest';
import { tInterval } from '../../../../harness/judge/statistics/t-interval.ts';

describe('tInterval', () => {
  it.each([
    { values: [0.12, -0.05, 0.31, 0.08, 0.17], alpha: 0.0125, low: -0.07918955780829345, high: 0.33118955780829373 },
    { values: [0.2, 0.1, 0.45], alpha: 0.0375, low: -0.10833710860791901, high: 0.608337108607919 },
  ])('of $values.length trials at alpha $alpha', ({ values, alpha, low, high }) => {
    const ours = tInterval(values, alpha);
    expect(ours.low).toBeCloseTo(low, 8);
    expect(ours.high).toBeCloseTo(high, 8);
  });

  it('refuses a single trial', () => {
    expect(() => tInterval([0.1], 0.05)).toThrow(/at least 2 trials/);
  });
});
