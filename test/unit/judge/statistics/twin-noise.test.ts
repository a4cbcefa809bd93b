/** The noise of tonight from the two stable arms. */
import { describe, expect, it } from 'vitest';
import { chanceToFail, chanceToPass } from '../../../../harness/judge/statistics/chance.ts';
import { twinNoise } from '../../../../harness/judge/statistics/twin-noise.ts';

describe('twinNoise', () => {
  it('by hand: differences 0.2, 0.4, 0.4 give sd² = 0.36 / 6', () => {
    const noise = twinNoise([[9, 1.2, 1], [0, 1, 1.4], [3, 2.4, 2]], 0.1, 0.95); // prettier-ignore
    expect(noise.sd).toBeCloseTo(Math.sqrt(0.06), 12);
    expect(noise.ratio).toBeCloseTo(6, 9);
    expect(noise.limit).toBeCloseTo(7.814727903251179 / 3, 8);
  });
});

/** norm.cdf((limit − mean)·√n/s − t.ppf(1 − a, n − 1)) and norm.cdf((mean − limit)·√n/s − norm.ppf(1 − a)) in SciPy. */
describe('the chance to decide at a later look', () => {
  const seen = { mean: 0.2, sd: 0.3, low: 0, high: 0 };
  const look = { blocks: 5, alpha: 0.0125 };

  it('agrees with SciPy', () => {
    expect(chanceToPass(seen, look, Math.log(2.5))).toBeCloseTo(0.9673727056581631, 7);
    expect(chanceToFail(seen, look, 0.1)).toBeCloseTo(0.06732073840387741, 7);
  });

  it('is certain when the trials do not differ', () => {
    expect(chanceToPass({ ...seen, sd: 0 }, look, 0.5)).toBe(1);
    expect(chanceToFail({ ...seen, sd: 0 }, look, 0.5)).toBe(0);
  });
});
