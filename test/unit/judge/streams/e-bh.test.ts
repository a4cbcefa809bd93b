/** e-BH by hand, and its false discovery rate by enumeration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leads } from '../../../../harness/judge/streams/e-bh.ts';

describe('e-BH', () => {
  it.each([
    // K = 4, alpha 0.1: the first needs 40, two need 20 each, three 13.3, four 10.
    [[50, 1, 2, 3], [0]],
    [
      [25, 1, 22, 3],
      [0, 2],
    ],
    [[39, 1, 2, 3], []],
    [
      [11, 12, 13, 10],
      [0, 1, 2, 3],
    ],
    [
      [15, 1, 14, 13.4],
      [0, 2, 3],
    ],
    [[], []],
  ])('of %j follows up %j', (eValues, expected) => expect(leads(eValues, 0.1)).toEqual(expected));

  it('finds no fewer when an e-value grows, nor when more are wanted', () => {
    const e = fc.double({ min: 0, max: 500, noNaN: true });
    fc.assert(
      fc.property(fc.array(e, { minLength: 1, maxLength: 12 }), fc.nat(11), e, (eValues, at, more) => {
        const found = leads(eValues, 0.1);
        const grown = eValues.map((value, i) => (i === at ? value + more : value));
        expect(leads(grown, 0.1)).toEqual(expect.arrayContaining([...found]));
        expect(leads(eValues, 0.2)).toEqual(expect.arrayContaining([...found]));
      }),
    );
  });

  it('of nulls alone finds something with at most alpha, however they hang together', () => {
    // One coin for all K: each e-value is 1/q with chance q, else 0, which is the worst that the mean 1 allows.
    for (const q of [0.01, 0.05, 0.1]) {
      const all = leads(
        Array.from({ length: 8 }, () => 1 / q),
        0.1,
      );
      expect(all.length > 0 ? q : 0).toBeLessThanOrEqual(0.1);
    }
  });

  it.each([0, 1.1, Number.NaN])('refuses the rate %d', (alpha) =>
    expect(() => leads([1], alpha)).toThrow(/rate cannot be/),
  );

  it('takes a rate of 1 for what it is: one of them may be worth a look', () =>
    expect(leads([1, 3], 1)).toEqual([0, 1]));
});
