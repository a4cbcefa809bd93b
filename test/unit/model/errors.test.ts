import { expect, test } from 'vitest';
import { wordsOf } from '../../../harness/model/errors.ts';

async function failing(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Promise.reject(new Error('the heal took too long')));
  throw new Error('the fault was not confirmed');
}

test('an error whose clearing up fails too tells both, the first one first', async () => {
  const error: unknown = await failing().catch((error: unknown) => error);
  expect(wordsOf(error)).toBe('the fault was not confirmed; and then the heal took too long');
  expect(wordsOf('gone')).toBe('gone');
});
