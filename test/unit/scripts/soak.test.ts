/** The table with which `make soak` ends, and what it counts as held. */
import { expect, test } from 'vitest';
import { type SoakRow, held, soakTable } from '../../../scripts/soak/row.ts';
import { soakSettings } from '../../../scripts/soak/settings.ts';

const good: SoakRow = { what: 'SIGINT', wanted: 50, tried: 50, good: 50, seconds: 61.4, seen: 'longest 900 ms' };

test('held is what was tried as often as was wanted, and held each time', () => {
  expect(held(good)).toBe(true);
  expect(held({ ...good, good: 49 })).toBe(false);
  expect(held({ ...good, tried: 49, good: 49 })).toBe(false);
  expect(held({ ...good, wanted: 0, tried: 0, good: 0 })).toBe(false);
});

test('one table of all, in columns', () => {
  expect(soakTable([good, { ...good, what: 'plans', good: 9, tried: 10, wanted: 1_000, seen: '9 planned' }])).toEqual([
    '        held      wanted  seconds  what    seen',
    'ok      50 of 50  50      61       SIGINT  longest 900 ms',
    'FAILED  9 of 10   1000    61       plans   9 planned',
  ]);
});

test('settings come from the environment; what make was not given is empty, and what is no number is refused', () => {
  const tell = (): void => undefined;
  expect(soakSettings({ ROUNDS: '', SEED: '7', WAY: '', FAMILY: 'cluster' }, tell)).toEqual({
    rounds: 50,
    schedules: 1_000,
    seed: 7,
    way: undefined,
    family: 'cluster',
    lanes: 2,
    tell,
  });
  expect(() => soakSettings({ ROUNDS: 'many' }, tell)).toThrow('ROUNDS must be a whole number from 1, not "many"');
});
