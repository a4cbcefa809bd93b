/** The promise of the e-detector: what it is a sum of wins nothing on average, so false alarms are as rare as it says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePoint, clip, detect, detectBoth, stakes } from '../../../../harness/judge/trend/e-detector.ts';
import { gaussian } from '../../../support/gaussian.ts';

/** All sequences of that length over the outcomes of one night, with their probabilities. */
function sequences(
  outcomes: readonly (readonly [number, number])[],
  nights: number,
): readonly (readonly [readonly number[], number])[] {
  // prettier-ignore
  let all: readonly (readonly [readonly number[], number])[] = [[[], 1]];
  for (let night = 0; night < nights; night++)
    all = all.flatMap(([past, p]) => outcomes.map(([z, q]) => [[...past, z], p * q] as const));
  return all;
}

/** Laws of mean 0 that are 1-sub-Gaussian: a fair coin, a rare large step, a lopsided one within an interval of 2. */
const laws: readonly (readonly [string, readonly (readonly [number, number])[]])[] = [
  ['a coin', [[1, 0.5], [-1, 0.5]]], // prettier-ignore
  ['mostly nothing', [[1, 0.1], [0, 0.8], [-1, 0.1]]], // prettier-ignore
  ['lopsided', [[1.5, 0.25], [-0.5, 0.75]]], // prettier-ignore
];

describe('without a change', () => {
  it.each(laws)('the mean evidence after n nights of %s is at most n, by enumeration', (_name, law) => {
    for (let nights = 1; nights <= 8; nights++) {
      const mean = sequences(law, nights).reduce((sum, [z, p]) => sum + p * (detect(z).at(-1) ?? 0), 0);
      expect(mean).toBeLessThanOrEqual(nights + 1e-9);
      expect(mean).toBeGreaterThan(0);
    }
  });

  it('and given any past, the next night adds at most 1 on average', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { maxLength: 12 }), (past) => {
        const before = detect(past).at(-1) ?? 0;
        for (const [, law] of laws) {
          const after = law.reduce((sum, [z, p]) => sum + p * (detect([...past, z]).at(-1) ?? 0), 0);
          expect(after).toBeLessThanOrEqual((before + 1) * (1 + 1e-9));
        }
      }),
    );
  });

  it('the mean time to a false alarm is at least the threshold', () => {
    const [threshold, series, horizon] = [20, 400, 2_000];
    const random = gaussian(1);
    const times = Array.from({ length: series }, () => {
      const at = detect(Array.from({ length: horizon }, random)).findIndex((evidence) => evidence >= threshold);
      return at === -1 ? horizon : at + 1;
    });
    const mean = times.reduce((a, b) => a + b, 0) / series;
    const error = Math.sqrt(times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / series / series);
    expect(mean + 3 * error).toBeGreaterThan(threshold);
    // Not by never ringing at all.
    expect(mean).toBeLessThan(horizon / 2);
  });

  it('both sides together keep the promise of one', () => {
    for (const [, law] of laws) {
      const mean = sequences(law, 6).reduce((sum, [z, p]) => {
        const both = detectBoth(z, z.map((score) => -score)); // prettier-ignore
        return sum + p * (both.at(-1) ?? 0);
      }, 0);
      expect(mean).toBeLessThanOrEqual(6 + 1e-9);
    }
  });
});

describe('with a change', () => {
  it.each([
    [1, 20],
    [2, 8],
    [3, 4],
  ])('of %d standard deviations the threshold of a year is reached within %d nights, mostly', (shift, within) => {
    const random = gaussian(shift);
    const found = Array.from({ length: 200 }, () => {
      const scores = Array.from({ length: 30 + within }, (_, i) => random() + (i >= 30 ? shift : 0));
      return detect(scores).findIndex((evidence, i) => i >= 30 && evidence >= 365) >= 0;
    });
    expect(found.filter(Boolean).length).toBeGreaterThan(170);
  });

  it('worse never gives less evidence', () => {
    const score = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, fc.double({ min: 0, max: 3, noNaN: true })), { minLength: 1 }), (pairs) => {
        const [base, worse] = [pairs.map(([z]) => z), pairs.map(([z, more]) => z + more)];
        const [a, b] = [detect(base), detect(worse)];
        a.forEach((evidence, i) => expect(b[i]).toBeGreaterThanOrEqual(evidence * (1 - 1e-12)));
      }),
    );
  });

  it('one wild night counts no more than the clip', () => {
    expect(detect([1e9])).toEqual(detect([clip]));
    expect(detect([clip])[0]).toBeLessThan(365);
  });

  it('stays a number however long nobody answers', () => {
    const evidence = detect(Array.from({ length: 5_000 }, () => clip));
    expect(evidence.every(Number.isFinite)).toBe(true);
    expect(stakes.length).toBe(5);
  });
});

describe('the place of a change', () => {
  it('is found where the shift begins', () => {
    const random = gaussian(7);
    const missed = Array.from({ length: 200 }, () => {
      const scores = Array.from({ length: 24 }, (_, i) => random() + (i >= 18 ? 2.5 : 0));
      return Math.abs((changePoint(scores) ?? -9) - 18);
    });
    expect(missed.filter((nights) => nights <= 1).length).toBeGreaterThan(160);
  });

  it('is nowhere when nothing got worse', () => {
    expect(changePoint([-1, -0.5, -2])).toBeUndefined();
    expect(changePoint([])).toBeUndefined();
    expect(changePoint([-1, 0, 3])).toBe(2);
  });
});
