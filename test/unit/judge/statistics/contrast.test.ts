/** The contrast of one arm with the other two: by hand, and what it cancels. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastOverTrial, contrasts } from '../../../../harness/judge/statistics/contrast.ts';

const y = fc.integer({ min: -4_000, max: 4_000 }).map((n) => n / 8);

describe('contrasts', () => {
  it('by hand: of 5, 2 and 3 the first is 2.5 above the mean of the others', () => {
    expect(contrasts([5, 2, 3])).toEqual([2.5, -2, -0.5]);
  });

  it('add up to 0, do not see the level of the block, and follow the arms', () => {
    fc.assert(
      fc.property(y, y, y, y, (canary, stable, twin, level) => {
        const [c, s, t] = contrasts([canary, stable, twin]);
        expect(c + s + t).toBe(0);
        expect(contrasts([canary + level, stable + level, twin + level])).toEqual([c, s, t]);
        expect(contrasts([stable, twin, canary])).toEqual([s, t, c]);
      }),
    );
  });

  it('vary by √(1 + ¼ + ¼) of what a trial does: over all outcomes of three fair coins', () => {
    const outcomes = [0, 1, 2, 3, 4, 5, 6, 7].map((code) => [code & 1, (code >> 1) & 1, (code >> 2) & 1] as const);
    const variance = (values: readonly number[]): number => {
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
      return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
    };
    const ofTrial = variance(outcomes.map(([trial]) => trial));
    const ofContrast = variance(outcomes.map((arms) => contrasts(arms)[0]));
    expect(contrastOverTrial).toBeCloseTo(Math.sqrt(ofContrast / ofTrial), 12);
  });
});
