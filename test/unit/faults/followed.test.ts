/** Of many routes that one change writes, the first and the last are followed, and the change is made once. */
import { expect, test } from 'vitest';
import { someOf, writtenTogether } from '../../../harness/faults/followed.ts';
import type { Seq } from '../../../harness/model/history.ts';

test('of a few all are followed, of many the first and the last ten', () => {
  expect(someOf(3)).toEqual([0, 1, 2]);
  expect(someOf(20)).toHaveLength(20);
  expect(someOf(120)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119]);
});

test('one change writes all of them, at one revision; without a trial it is made all the same', async () => {
  let made = 0;
  const change = async (): Promise<string> => `${++made}`;
  const written: [string, Seq, string][] = [];
  const routes = {
    ballast: [],
    fixed: [],
    async write(route: string, seq: Seq, done: () => Promise<string>): Promise<void> {
      written.push([route, seq, await done()]);
    },
  };
  const changes = [
    ['a', 1],
    ['b', null],
  ] as const;
  await writtenTogether({ routes }, changes, change);
  expect([made, ...written]).toEqual([1, ['a', 1, '1'], ['b', null, '1']]);
  await writtenTogether({}, [['a', 1]], change);
  expect([made, written.length]).toEqual([2, 2]);
});

test('a change that fails is told', async () => {
  await expect(writtenTogether({}, [], () => Promise.reject(new Error('no space')))).rejects.toThrow('no space');
});
