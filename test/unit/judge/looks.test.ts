/** The planned looks spend alpha once, and the last one can reach significance over all scenarios. */
import { describe, expect, it } from 'vitest';
import { plannedLooks, sessionAlpha, spent } from '../../../harness/judge/looks.ts';

describe('plannedLooks', () => {
  it.each([
    [1, 5],
    [3, 5],
    [4, 6],
    [9, 6],
    [10, 7],
    [100, 9],
  ])('for %i scenarios looks after 3 and after %i blocks', (scenarios, blocks) => {
    const looks = plannedLooks(scenarios);
    expect(looks).toEqual([
      { blocks: 3, alpha: 0.0375 },
      { blocks, alpha: 0.0125 },
    ]);
    expect(looks.reduce((sum, { alpha }) => sum + alpha, 0)).toBeCloseTo(sessionAlpha, 12);
    const smallest = spent(3 ** -blocks, { blocks, alpha: 0.0125 });
    expect(smallest * scenarios).toBeLessThanOrEqual(sessionAlpha);
  });

  it.each([
    ['nightly', 1, 4, 6, 0.05],
    ['nightly', 20, 4, 6, 0.05],
    ['nightly', 30, 4, 7, 0.05],
    ['release', 3, 5, 7, 0.01],
    ['release', 20, 5, 8, 0.01],
  ] as const)(
    'of a %s session of %i scenarios are after %i and %i blocks, at %d in all',
    (design, count, one, two, all) => {
      const looks = plannedLooks(count, design);
      expect(looks.map(({ blocks }) => blocks)).toEqual([one, two]);
      expect(looks.reduce((sum, { alpha }) => sum + alpha, 0)).toBeCloseTo(all, 12);
      expect(spent(3 ** -two, looks[1] ?? { blocks: 1, alpha: 1 }) * count).toBeLessThanOrEqual(sessionAlpha);
      // A first look that no labelling can reach would be spent for nothing.
      expect(3 ** -one).toBeLessThanOrEqual(looks[0]?.alpha ?? 0);
    },
  );

  it('fails one scenario at the first look when the canary is the worst in all three blocks', () => {
    expect(spent(1 / 27, { blocks: 3, alpha: 0.0375 })).toBeLessThanOrEqual(sessionAlpha);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d scenarios', (scenarios) => {
    expect(() => plannedLooks(scenarios)).toThrow(RangeError);
  });
});
