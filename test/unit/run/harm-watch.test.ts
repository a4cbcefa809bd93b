import { expect, test } from 'vitest';
import { watchHarm } from '../../../harness/run/harm-watch.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { none } from '../../../scenarios/steady/none.ts';

const isGrossHarm = ({ bad }: { readonly bad: number }): boolean => bad >= 20;

test('the first harm ends the trial, with the counts of that moment', () => {
  const harm = watchHarm(none, { isGrossHarm });
  harm.look({ bad: 19, good: 5 });
  expect([harm.found, harm.signal.aborted]).toEqual([undefined, false]);
  harm.look({ bad: 21, good: 9 });
  harm.look({ bad: 40, good: 9 });
  expect(harm.found).toEqual({ bad: 21, good: 9 });
  expect(String(harm.signal.reason)).toContain('21 of 30 requests went wrong');
});

test('a scenario that does not ask for it goes on whatever happens', () => {
  const harm = watchHarm(watchSilentDeath, { isGrossHarm });
  harm.look({ bad: 9_999, good: 0 });
  expect([harm.found, harm.signal.aborted]).toEqual([undefined, false]);
});
