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

  it('fails one scenario at the first look when the canary is the worst in all three blocks', () => {
    expect(spent(1 / 27, { blocks: 3, alpha: 0.0375 })).toBeLessThanOrEqual(sessionAlpha);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d scenarios', (scenarios) => {
    expect(() => plannedLooks(scenarios)).toThrow(RangeError);
  });
});
