/** The max-T test against small cases by hand, a NumPy enumeration and a second, slower way to enumerate. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Triplet } from '../../../../harness/judge/statistics/contrast.ts';
import { maxT, type Series } from '../../../../harness/judge/statistics/max-t.ts';

const y = fc.integer({ min: -400, max: 400 }).map((n) => n / 100);
const triplet = fc.tuple(y, y, y);

/** Families of 1 to 3 metrics over 1 to 4 blocks. */
const family: fc.Arbitrary<readonly Series[]> = fc
  .record({ metrics: fc.integer({ min: 1, max: 3 }), blocks: fc.integer({ min: 1, max: 4 }) })
  .chain(({ metrics, blocks }) =>
    fc.array(
      fc.record({
        blocks: fc.array(triplet, { minLength: blocks, maxLength: blocks }),
        scale: fc.constantFrom(0.1, 0.25, 1),
        minimumEffect: fc.constantFrom(0, 0.1, 0.4),
      }),
      { minLength: metrics, maxLength: metrics },
    ),
  );

describe('maxT', () => {
  it('gives 3⁻ⁿ when the canary is clearly the worst in each of n blocks', () => {
    const worst: Triplet = [5, 1, 1.5];
    for (const n of [1, 2, 3, 4]) {
      expect(maxT([{ blocks: Array.from({ length: n }, () => worst), scale: 1, minimumEffect: 0 }])).toEqual([3 ** -n]);
    }
  });

  it('gives 1 when all arms are equal, and when the canary is the best', () => {
    expect(maxT([{ blocks: [[1, 1, 1], [2, 2, 2]], scale: 1, minimumEffect: 0 }])).toEqual([1]); // prettier-ignore
    expect(maxT([{ blocks: [[0, 1, 2], [0, 2, 1]], scale: 1, minimumEffect: 0 }])).toEqual([1]); // prettier-ignore
  });

  it('counts by hand: one block, canary between the others: 2 of 3 labels reach it', () => {
    expect(maxT([{ blocks: [[2, 1, 3]], scale: 1, minimumEffect: 0 }])).toEqual([2 / 3]);
  });

  it('takes the minimum effect off the canary first', () => {
    const blocks: readonly Triplet[] = [[2, 1, 1.2], [2, 1.1, 1], [2, 1.2, 1.1]]; // prettier-ignore
    expect(maxT([{ blocks, scale: 1, minimumEffect: 0.5 }])).toEqual([1 / 27]);
    expect(maxT([{ blocks, scale: 1, minimumEffect: 1.5 }])[0]).toBeGreaterThan(0.5);
  });

  it('agrees with NumPy on two metrics over four blocks (1/81 and 48/81)', () => {
    const p = maxT([
      {
        blocks: [
          [1.1, 0.2, 0.3],
          [0.9, 0.1, 0.4],
          [0.7, 0.5, 0],
          [1.3, 0.2, 0.1],
        ],
        scale: 0.3,
        minimumEffect: Math.log(1.1),
      },
      {
        blocks: [
          [0.3, 0.1, 0.2],
          [0.2, 0.4, 0.1],
          [0.5, 0.2, 0.3],
          [0.1, 0.3, 0.2],
        ],
        scale: 0.2,
        minimumEffect: 0,
      },
    ]);
    expect(p).toEqual([1 / 81, 48 / 81]);
  });

  it('agrees with a recursive brute force', () => {
    fc.assert(
      fc.property(family, (series) => {
        expect(maxT(series)).toEqual(bruteForce(series));
      }),
    );
  });

  it('does not depend on the order of the blocks, of the metrics, or on which stable arm is called twin', () => {
    fc.assert(
      fc.property(family, fc.boolean(), (series, swap) => {
        const other = series.map((s) => ({
          ...s,
          blocks: s.blocks.toReversed().map(([c, a, b]): Triplet => (swap ? [c, b, a] : [c, a, b])),
        }));
        expect(maxT(other.toReversed()).toReversed()).toEqual(maxT(series));
      }),
    );
  });

  it('does not depend on the unit, which shifts every logarithm of a metric alike', () => {
    fc.assert(
      fc.property(family, (series) => {
        const shifted = series.map((s) => ({
          ...s,
          blocks: s.blocks.map(([c, a, b]): Triplet => [c + Math.log(1000), a + Math.log(1000), b + Math.log(1000)]),
        }));
        expect(maxT(shifted)).toEqual(maxT(series));
      }),
    );
  });

  it('never makes a worse canary look better', () => {
    fc.assert(
      fc.property(family, fc.array(fc.nat(300), { minLength: 4, maxLength: 4 }), (series, more) => {
        const [first, ...rest] = series;
        if (first === undefined) return;
        const blocks = first.blocks.map(([c, a, b], i): Triplet => [c + (more[i] ?? 0) / 100, a, b]);
        const [before = 1] = maxT(series);
        expect(maxT([{ ...first, blocks }, ...rest])[0]).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('under exchangeability gives p ≤ a in at most the share a of the labellings of the same data', () => {
    fc.assert(
      fc.property(fc.array(triplet, { minLength: 3, maxLength: 3 }), (blocks) => {
        const all = labellings(blocks.length).map((labels) =>
          blocks.map((arms, b) => relabelled(arms, labels[b] ?? 0)),
        );
        const p = all.map(
          (relabelledBlocks) => maxT([{ blocks: relabelledBlocks, scale: 1, minimumEffect: 0 }])[0] ?? 0,
        );
        for (const a of [1 / 27, 0.0375, 0.05, 0.2])
          expect(p.filter((value) => value <= a).length / all.length).toBeLessThanOrEqual(a);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['no metrics', []],
    ['no blocks', [{ blocks: [], scale: 1, minimumEffect: 0 }]],
    ['eleven blocks', [{ blocks: Array.from({ length: 11 }, () => [1, 1, 1] as const), scale: 1, minimumEffect: 0 }]],
    ['a scale of zero', [{ blocks: [[1, 1, 1] as const], scale: 0, minimumEffect: 0 }]],
    ['a NaN', [{ blocks: [[Number.NaN, 1, 1] as const], scale: 1, minimumEffect: 0 }]],
  ])('refuses %s', (_, series: readonly Series[]) => {
    expect(() => maxT(series)).toThrow(RangeError);
  });
});

function bruteForce(series: readonly Series[]): readonly number[] {
  const n = series[0]?.blocks.length ?? 0;
  const t = (s: Series, labels: readonly number[]): number =>
    s.blocks.reduce((sum, [c, a, b], i) => {
      const arms = [c - s.minimumEffect, a, b];
      const named = arms[labels[i] ?? 0] ?? Number.NaN;
      const others = arms.filter((_, arm) => arm !== labels[i]);
      return sum + (named - others.reduce((x, v) => x + v, 0) / 2);
    }, 0) / (Math.sqrt(n) * s.scale); // prettier-ignore
  const largest = labellings(n).map((labels) => Math.max(...series.map((s) => t(s, labels))));
  return series.map((s) => {
    const truth = t(
      s,
      Array.from({ length: n }, () => 0),
    );
    return largest.filter((value) => value >= truth - 1e-8).length / 3 ** n;
  });
}

function labellings(n: number): readonly (readonly number[])[] {
  return n === 0 ? [[]] : labellings(n - 1).flatMap((rest) => [0, 1, 2].map((arm) => [arm, ...rest]));
}

function relabelled([c, a, b]: Triplet, label: number): Triplet {
  return label === 0 ? [c, a, b] : label === 1 ? [a, c, b] : [b, a, c];
}
