/** The e-process on blocks of a steady state: against SciPy, and a supermartingale for every size, by enumeration. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signEvidence, sizeEvidence, steadyEvidence } from '../../../../harness/judge/streams/steady-blocks.ts';

describe('evidence from blocks', () => {
  it.each([
    [[0.3, -0.1, 0.5, 0.2], 0.25, 2.0383058821167728],
    [[-1, -2, 0.5], 1, 0.4120017091997507],
    [
      [1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1],
      0.9,
      3977.1197106465247,
    ],
  ] as const)('of %j at scale %d', (differences, sigma, scipy) => {
    expect(Math.abs(sizeEvidence(differences, sigma) / scipy - 1)).toBeLessThan(1e-7);
  });

  it('is 1 at no data, and at differences of 0', () => {
    expect([sizeEvidence([], 1), signEvidence([]), steadyEvidence([], 1)]).toEqual([1, 1, 1]);
    expect(sizeEvidence([0, 0], 1)).toBeCloseTo(1, 12);
  });

  it('does not grow on average over the two signs of the next block, whatever its size and what came before', () => {
    const size = fc.double({ min: 0, max: 6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(size, fc.boolean()), { maxLength: 12 }), size, (before, next) => {
        const past = before.map(([d, up]) => (up ? d : -d));
        for (const of of [(d: readonly number[]) => sizeEvidence(d, 1), signEvidence])
          expect((of([...past, next]) + of([...past, -next])) / 2).toBeLessThanOrEqual(of(past) * (1 + 1e-9));
      }),
    );
  });

  it('by the signs counts the worse and the better blocks, and those of no difference not at all', () => {
    expect(signEvidence([3, 1, 0.2, 9, 0, 1, 2, 4, 0])).toBeCloseTo(255 / 8, 9);
    // B(3, 2) of the beta distribution above ½ is 11/16: E = 2·B(3, 2)·(11/16)·2³.
    expect(signEvidence([1, 0, -1, 2])).toBeCloseTo((2 * 11 * 2 ** 3) / (12 * 16), 9);
    expect(signEvidence([-1, -1])).toBeLessThan(1);
    expect(steadyEvidence([1, 0, -1, 2], 1)).toBeCloseTo(
      (sizeEvidence([1, 0, -1, 2], 1) + signEvidence([1, -1, 2])) / 2,
      9,
    );
  });

  it('does not depend on the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 9 }),
        fc.integer({ min: 1, max: 90 }),
        (d, k) => {
          const scaled = d.map((each) => each * k);
          expect(steadyEvidence(scaled, 10 * k)).toBeCloseTo(steadyEvidence(d, 10), 9);
        },
      ),
    );
  });

  it('refuses a scale that is not positive', () =>
    expect(() => sizeEvidence([1], 0)).toThrow(/must be positive, not 0/));
});
