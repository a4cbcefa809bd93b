/** When a client is asked for a word, when it is given up, and how much of nothing it may say. */
import { expect, test } from 'vitest';
import { Allowance } from '../../../gateway/watch-proxy/http2/allowance.ts';
import { Liveness, type Verdict } from '../../../gateway/watch-proxy/http2/liveness.ts';

/** Verdicts of looks in a row, as `look:verdict` where one is not `alive`. */
function looks(liveness: Liveness, times: number, streams: number, hasStarted: boolean = true): readonly string[] {
  const verdicts = Array.from({ length: times }, (): Verdict => liveness.look(hasStarted, streams));
  return verdicts.flatMap((verdict, index) => (verdict === 'alive' ? [] : [`${index + 1}:${verdict}`]));
}

test('a client that says nothing is asked after a minute and left twenty seconds later', () => {
  expect(looks(new Liveness(), 16, 1)).toEqual(['12:ask', '16:dead']);
});

test('a client that answers lives on', () => {
  const liveness = new Liveness();
  expect(looks(liveness, 15, 1)).toEqual(['12:ask']);
  liveness.heard();
  expect(looks(liveness, 15, 1)).toEqual(['12:ask']);
});

test('a connection that does not begin is left after two looks', () => {
  expect(looks(new Liveness(), 2, 0, false)).toEqual(['2:dead']);
});

test('a client without a request for ten minutes may go, one with a request may not', () => {
  const [without, with_] = [new Liveness(), new Liveness()];
  for (let n = 1; n < 120; n++) {
    without.heard();
    with_.heard();
    expect([without.look(true, 0), with_.look(true, 1)]).toEqual(['alive', 'alive']);
  }
  without.heard();
  with_.heard();
  expect([without.look(true, 0), with_.look(true, 1)]).toEqual(['idle', 'alive']);
});

test('an allowance is used up, earned again, and never more than it was', () => {
  const allowance = new Allowance(3, 0);
  const spend = (times: number): readonly boolean[] => Array.from({ length: times }, () => allowance.spend());
  expect(spend(4)).toEqual([true, true, true, false]);
  expect(allowance.spend(100)).toBe(true);
  expect(spend(3)).toEqual([true, true, false]);
});
