/** Holm's step-down against R's p.adjust(p, "holm"). */
import { describe, expect, it } from 'vitest';
import { adjusted, holm } from '../../../../harness/judge/statistics/holm.ts';

const all = (p: readonly number[]): readonly number[] => holm(p).map((step, i) => adjusted(step, p[i] ?? 1));

describe('holm', () => {
  it.each([
    { p: [0.01, 0.04, 0.03], r: [0.03, 0.06, 0.06] },
    { p: [0.5, 0.001, 0.2, 0.02], r: [0.5, 0.004, 0.4, 0.06] },
    { p: [0.9, 0.8], r: [1, 1] },
    { p: [0.04], r: [0.04] },
  ])('adjusts $p', ({ p, r }) => {
    all(p).forEach((value, i) => expect(value).toBeCloseTo(r[i] ?? Number.NaN, 12));
  });
});
