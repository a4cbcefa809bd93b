/** Exact bounds of a share, against scipy.stats.binomtest(…).proportion_ci(method="exact") and by the binomial itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson } from '../../../../harness/judge/statistics/clopper-pearson.ts';

describe('Clopper–Pearson', () => {
  it.each([
    [0, 60, 0.05, 0.0, 0.04870291330998526],
    [1, 200, 0.05, 0.000256433587272176, 0.023498470435017686],
    [3, 300, 0.025, 0.0020670072350923137, 0.028944511255692713],
    [28, 30, 0.05, 0.804673956345074, 0.9880241990345818],
    [60, 60, 0.05, 0.9512970866900151, 1.0],
  ] as const)('%d of %d at %d', (hits, tries, alpha, low, high) => {
    const bounds = clopperPearson(hits, tries, alpha);
    expect(bounds.low).toBeCloseTo(low, 7);
    expect(bounds.high).toBeCloseTo(high, 7);
  });

  it('needs 59 clean sessions for a bound of 5 %, and 299 for 1 %', () => {
    expect(clopperPearson(0, 59, 0.05).high).toBeLessThanOrEqual(0.05);
    expect(clopperPearson(0, 58, 0.05).high).toBeGreaterThan(0.05);
    expect(clopperPearson(0, 299, 0.05).high).toBeLessThanOrEqual(0.01);
  });

  it('holds the share between its bounds, which mirror each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (tries, some) => {
        const hits = some % (tries + 1);
        const [own, other] = [clopperPearson(hits, tries, 0.05), clopperPearson(tries - hits, tries, 0.05)];
        expect(own.low).toBeLessThanOrEqual(hits / tries);
        expect(own.high).toBeGreaterThanOrEqual(hits / tries);
        expect(own.low).toBeCloseTo(1 - other.high, 6);
      }),
    );
  });

  it('knows nothing of nothing, and refuses what cannot be', () => {
    expect(clopperPearson(0, 0, 0.05)).toEqual({ low: 0, high: 1 });
    expect(() => clopperPearson(3, 2, 0.05)).toThrow(RangeError);
  });
});
