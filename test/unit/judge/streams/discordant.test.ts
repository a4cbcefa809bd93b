/** The e-process on bad and good events: against exact fractions of the binomial sum (Python), and that it is a supermartingale, by enumeration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOfOdds, logEvidence } from '../../../../harness/judge/streams/discordant.ts';
import { isGrossHarm, tolerable } from '../../../../harness/judge/streams/gross-harm.ts';
import { logBetaTail } from '../../../../harness/judge/statistics/beta-tail.ts';

const e = (bad: number, good: number, most: number): number => Math.exp(logEvidence({ bad, good }, most));

describe('the upper tail of the beta distribution', () => {
  it.each([
    [0.5, 1, 1, -Math.LN2],
    [0.5, 8, 1, -0.003913899321136505],
    [0.01, 46, 701, 0.0],
    [0.01, 3, 4001, -33.47607690699806],
    [0.3, 2, 900, -315.40533072397966],
    [0.9, 400, 20, -3.0477251357297064e-5],
    [0.01, 121, 13001, -1.7483711804889026],
    [0.5, 501, 601, -6.659032562716561],
  ] as const)('ln(1 − I_%d(%d, %d))', (x, a, b, exact) => {
    expect(Math.abs(logBetaTail(x, a, b) - exact)).toBeLessThan(1e-8 * Math.max(1, Math.abs(exact)));
  });
});

describe('evidence against "at most so often"', () => {
  it.each([
    [3, 5, 0.5, -1.3550418176157835],
    [45, 700, 0.01, 40.5409989284302],
    [20, 380, 0.01, 12.92785822026245],
    [130, 13000, 0.01, -6.8572554776397965],
    [90, 60, 0.55, -0.8601227628455987],
    [0, 2000, 0.01, -7.6014023345854085],
  ] as const)('%d bad and %d good at %d', (bad, good, most, exact) => {
    expect(Math.abs(logEvidence({ bad, good }, most) - exact)).toBeLessThan(1e-7 * Math.max(1, Math.abs(exact)));
  });

  it('is 1 at no data, and (2⁸ − 1) / 8 after seven straight losses', () => {
    expect(e(0, 0, 0.5)).toBeCloseTo(1, 12);
    expect(e(7, 0, 0.5)).toBeCloseTo(255 / 8, 9);
  });

  it('is a supermartingale for every chance up to the largest: no next event makes it grow on average', () => {
    for (const most of [0.01, 0.2, 0.5, chanceOfOdds(1.2)])
      for (let bad = 0; bad <= 12; bad += 1)
        for (let good = 0; bad + good <= 12; good += 1)
          for (const chance of [0, most / 3, most / 1.1, most]) {
            const next = chance * e(bad + 1, good, most) + (1 - chance) * e(bad, good + 1, most);
            expect(next).toBeLessThanOrEqual(e(bad, good, most) * (1 + 1e-9));
          }
  });

  it('keeps its promise over all 2¹² courses: the chance to ever reach 1/alpha is at most alpha', () => {
    const [most, events] = [0.5, 12];
    for (const alpha of [0.05, 0.1, 0.3]) {
      let reached = 0;
      for (let course = 0; course < 2 ** events; course += 1) {
        let [bad, good, most_] = [0, 0, 0];
        for (let i = 0; i < events; i += 1) {
          if ((course >> i) & 1) bad += 1;
          else good += 1;
          most_ = Math.max(most_, e(bad, good, most));
        }
        if (most_ >= 1 / alpha) reached += 1;
      }
      expect(reached / 2 ** events).toBeLessThanOrEqual(alpha);
    }
  });

  it('grows with a bad event and falls with a good one', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(3_000), fc.constantFrom(0.01, 0.3, 0.5), (bad, good, most) => {
        const now = logEvidence({ bad, good }, most);
        expect(logEvidence({ bad: bad + 1, good }, most)).toBeGreaterThan(now);
        expect(logEvidence({ bad, good: good + 1 }, most)).toBeLessThan(now);
      }),
    );
  });

  it.each([
    [{ bad: 1, good: 1 }, 0],
    [{ bad: 1, good: 1 }, 1],
    [{ bad: -1, good: 1 }, 0.5],
    [{ bad: 1, good: -1 }, 0.5],
    [{ bad: Number.NaN, good: 1 }, 0.5],
  ])('refuses %j at %d', (events, most) =>
    expect(() => logEvidence(events, most)).toThrow(/between 0 and 1, not \d|counts of events cannot be/),
  );
});

describe('gross harm', () => {
  /** Bad events until it is certain, when one request in `n` is bad. */
  const badUntil = (n: number): number => {
    for (let bad = 1; bad < 1_000; bad += 1) if (isGrossHarm({ bad, good: bad * (n - 1) })) return bad;
    return Infinity;
  };

  it('is certain within 50 bad events from 5 % on, and never at what is tolerable', () => {
    expect(badUntil(20)).toBeLessThanOrEqual(50);
    expect(badUntil(5)).toBe(20);
    expect(badUntil(1)).toBe(20);
    expect(badUntil(1 / tolerable)).toBe(Infinity);
    expect(isGrossHarm({ bad: 0, good: 0 })).toBe(false);
  });
});
