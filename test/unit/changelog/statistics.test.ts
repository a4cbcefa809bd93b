import { expect, test } from 'vitest';
import { believed, contrasts, twoSidedP } from '../../../harness/changelog/verdict/statistics.ts';

test('the two-sided p of Student agrees with its closed form', () => {
  // For 3 degrees of freedom p = 1 − 2/π·(θ + sin θ·cos θ), with θ = atan(t/√3) and here t = 3.806.
  expect(twoSidedP([0.3, 0.5, 0.1, 0.4])).toBeCloseTo(0.0319, 4);
  expect(twoSidedP([-0.3, -0.5, -0.1, -0.4])).toBeCloseTo(0.0319, 4);
  expect([twoSidedP([1]), twoSidedP([0, 0, 0]), twoSidedP([2, 2, 2])]).toEqual([1, 1, 0]);
});

test('the false discovery rate is that of Benjamini and Hochberg', () => {
  // The example of their paper of 1995: four of fifteen at 5 %.
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]; // prettier-ignore
  expect(believed(p, 0.05).filter(Boolean)).toHaveLength(4);
  expect(believed(p.toReversed(), 0.05).lastIndexOf(true)).toBe(14);
  expect(believed([0.2, 0.9], 0.05)).toEqual([false, false]);
  expect(believed([], 0.05)).toEqual([]);
});

test('a contrast is the canary against both stables, and leaves out a block that lacks a value', () => {
  const block = (block: number, stable: number, twin: number, canary: number | null) =>
    [
      ['stable', stable],
      ['twin', twin],
      ['canary', canary],
    ].map(([arm, value]) => ({ block, arm, value }) as never);
  const values = [...block(1, 4, 1, 4), ...block(2, 1, 1, null)];
  expect(contrasts(values, 'ms')).toEqual([Math.log(2)]);
  expect(contrasts(block(1, 0, 0, 0), 'share')).toEqual([0]);
});
