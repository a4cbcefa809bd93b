/** The checker must see each way in which a watch can break its promises: one that sees nothing proves nothing. */
import { expect, test } from 'vitest';
import {
  type Change,
  type Line,
  type Observation,
  type Wish,
  violationsOf,
} from '../../watch-schedules/history-checker.ts';

function put(revision: number, key: string, before?: string): Change {
  return { revision, key, type: 'put', value: `${key}${revision}`, before };
}

function deleted(revision: number, key: string, before?: string): Change {
  return { revision, key, type: 'delete', value: '', before };
}

const events = (...changes: readonly Change[]): Observation => ({ kind: 'events', changes });
const opened = (from: number): Observation => ({ kind: 'opened', from });
const progress = (revision: number): Observation => ({ kind: 'progress', revision });
const listed = (revision: number, keys: Record<string, string>): Observation => ({
  kind: 'listed',
  revision,
  keys: new Map(Object.entries(keys)),
});

/** Revision 4 is a transaction of two keys; 5 changed something that is not watched. */
const changes = [put(2, 'a'), put(3, 'b'), put(4, 'a', 'a2'), put(4, 'c'), deleted(6, 'b', 'b3'), put(7, 'd')];
const [two, three, four, fourC, six, seven] = changes as [Change, Change, Change, Change, Change, Change];
const line: Line = { changes, revision: 7 };
const all: Wish = { from: 'a', to: 'z', puts: true, deletes: true, prevKv: true };

function promisesBroken(
  seen: readonly Observation[],
  wish: Wish = all,
  complete = true,
  lines: readonly Line[] = [line],
): readonly string[] {
  return violationsOf(lines, wish, seen, { complete }).map(({ promised }) => promised);
}

test.each<[string, readonly Observation[], Partial<Wish>]>([
  [
    'everything, one by one',
    [opened(1), events(two), events(three), events(four, fourC), events(six), events(seven)],
    {},
  ],
  ['everything at once', [opened(1), events(...changes)], {}],
  ['from the middle on', [opened(4), events(four, fourC, six), progress(6), events(seven)], {}],
  ['with progress where it was', [opened(1), events(two, three), progress(3), events(four, fourC, six, seven)], {}],
  ['resumed by a bookmark', [opened(5), progress(5), opened(6), events(six, seven), progress(7)], {}],
  ['resumed', [opened(1), events(two, three), opened(4), events(four, fourC), opened(5), events(six, seven)], {}],
  ['no deletes', [opened(1), events(two, three, four, fourC, seven)], { deletes: false }],
  ['no puts', [opened(1), events(six)], { puts: false }],
  ['one key of a transaction', [opened(1), events(fourC)], { from: 'c', to: 'd' }],
  [
    'listed again',
    [opened(1), events(two), listed(5, { a: 'a4', b: 'b3', c: 'c4' }), opened(6), events(six, seven)],
    {},
  ],
])('%s is a watch as promised', (_what, seen, wish) => {
  expect(promisesBroken(seen, { ...all, ...wish })).toEqual([]);
});

test.each<[string, string, readonly Observation[], Partial<Wish>]>([
  ['ordered', 'two swapped', [opened(2), events(three), events(two), events(four, fourC, six, seven)], {}],
  ['unique', 'one twice', [opened(1), events(two), events(two, three, four, fourC, six, seven)], {}],
  ['unique', 'one again after a resume', [opened(1), events(two, three), opened(3), events(two, four, fourC)], {}],
  ['reliable', 'one missing between two', [opened(1), events(two, four, fourC, six, seven)], {}],
  ['reliable', 'the last one missing', [opened(1), events(two, three, four, fourC, six)], {}],
  ['reliable', 'nothing at all', [opened(1)], {}],
  ['atomic', 'a transaction in two responses', [opened(1), events(two, three, four), events(fourC, six, seven)], {}],
  ['atomic', 'half a transaction', [opened(1), events(two, three, four, six, seven)], {}],
  ['atomic', 'the other half', [opened(1), events(two, three, fourC, six, seven)], {}],
  ['resumable', 'one lost at a resume', [opened(1), events(two), opened(3), events(four, fourC, six, seven)], {}],
  ['bookmarkable', 'told before delivered', [opened(1), events(two), progress(3), events(three, four, fourC)], {}],
  ['bookmarkable', 'told with half a transaction', [opened(1), events(two, three), progress(4)], {}],
  ['bookmarkable', 'told what never was', [opened(7), events(seven), progress(9)], {}],
  ['faithful', 'an event that never was', [opened(7), events(put(7, 'x'), seven)], {}],
  ['faithful', 'another value', [opened(7), events({ ...seven, value: 'other' })], {}],
  ['faithful', 'another value before', [opened(6), events({ ...six, before: 'other' }, seven)], {}],
  ['faithful', 'no value before', [opened(6), events({ ...six, before: undefined }, seven)], {}],
  ['faithful', 'a delete that was not asked for', [opened(6), events(six, seven)], { deletes: false }],
  ['faithful', 'a key that was not asked for', [opened(6), events(six, seven)], { from: 'a', to: 'c' }],
  ['faithful', 'older than where it began', [opened(3), events(two, three, four, fourC, six, seven)], {}],
  ['faithful', 'a list that lacks a key', [listed(7, { a: 'a4', c: 'c4' }), opened(8)], {}],
  ['faithful', 'a list of another moment', [listed(7, { a: 'a4', b: 'b3', c: 'c4', d: 'd7' }), opened(8)], {}],
])('%s: %s', (promised, _what, seen, wish) => {
  expect(promisesBroken(seen, { ...all, ...wish })).toContain(promised);
});

/** Restored to revision 3, and then written to. */
const restored: Line = { changes: [two, three, put(4, 'e'), put(5, 'f')], revision: 5 };
const both = [line, restored];

test('a client that is told of a restore and lists again is as promised', () => {
  const seen = [
    opened(1),
    events(...changes),
    listed(4, { a: 'a2', b: 'b3', e: 'e4' }),
    opened(5),
    events(put(5, 'f')),
  ];
  expect(promisesBroken(seen, all, true, both)).toEqual([]);
});

test('a client whose history was not lost by a restore may simply go on', () => {
  expect(
    promisesBroken([opened(1), events(two, three), opened(4), events(put(4, 'e'), put(5, 'f'))], all, true, both),
  ).toEqual([]);
});

test.each<[string, string, readonly Observation[]]>([
  ['reliable', 'is never told of a restore', [opened(1), events(...changes)]],
  ['faithful', 'goes on in another history without being told', [opened(1), events(...changes), events(put(5, 'f'))]],
  [
    'faithful',
    'goes back to a history that is gone',
    [
      listed(5, { a: 'a2', b: 'b3', e: 'e4', f: 'f5' }),
      listed(7, { a: 'a4', c: 'c4', d: 'd7' }),
      listed(5, { a: 'a2' }),
    ],
  ],
])('%s: a client that %s', (promised, _what, seen) => {
  expect(promisesBroken(seen, all, true, both)).toContain(promised);
});

test('what is missing at the end is no fault of a watch that nobody waited for', () => {
  expect(promisesBroken([opened(1), events(two, three)], all, false)).toEqual([]);
});
