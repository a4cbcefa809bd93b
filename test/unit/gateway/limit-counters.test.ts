/** What the counters of limits count, as time passes. */
import { expect, test } from 'vitest';
import { localCounters } from '../../../gateway/limits/local-counters.ts';

test('a window that is over begins anew, and forgotten keys leave no memory behind', async () => {
  let now = 0;
  const counters = localCounters(() => now);
  const order = { key: 'k', limit: 1, windowMs: 1_000 };
  const admitted = (): boolean => (counters.window(order) as { admitted: boolean }).admitted;
  expect([admitted(), admitted()]).toEqual([true, false]);
  now = 999;
  expect(admitted()).toBe(false);
  now = 1_000;
  expect(admitted()).toBe(true);
});

test('limit-req: the rate and a burst above it, as nginx counts', () => {
  let now = 0;
  const counters = localCounters(() => now);
  const ask = (): object => counters.bucket({ key: 'k', rate: 10, burst: 2 });
  expect([ask(), ask(), ask(), ask()]).toEqual([
    { admitted: true, delayMs: 0 },
    { admitted: true, delayMs: 100 },
    { admitted: true, delayMs: 200 },
    { admitted: false, delayMs: 0 },
  ]);
  now = 100;
  expect(ask()).toEqual({ admitted: true, delayMs: 200 });
  now = 10_000;
  expect(ask()).toEqual({ admitted: true, delayMs: 0 });
});
