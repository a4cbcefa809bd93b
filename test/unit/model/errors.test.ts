import { expect, test } from 'vitest';
import { HarnessError, doingOfGateway, wordsOf } from '../../../harness/model/errors.ts';

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

test.each([
  ['gateway', true],
  ['gateway-beside-1', true],
  ['gateway-3-2', true],
  ['watch-proxy', true],
  ['gateway-routes', false],
  ['gateway-routes-beside-1', false],
  ['etcd', false],
  [undefined, false],
])('the end of %s is of the doing of the gateway: %s', (workload, is) => {
  const error = new HarnessError('PROCESS_DIED', 'it ended by itself', { workload });
  expect(doingOfGateway(error)).toBe(is ? 'it ended by itself' : undefined);
});
