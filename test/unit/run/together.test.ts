import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { together } from '../../../harness/run/together.ts';

const never = new AbortController().signal;

test('the first failure aborts the others, and all have ended when it rejects', async () => {
  const ended: string[] = [];
  const slow = async (signal: AbortSignal): Promise<void> => {
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    ended.push('slow');
  };
  const failing = async (): Promise<void> => {
    throw new Error('the load engine died');
  };
  await expect(together(never, [slow, failing])).rejects.toThrow('the load engine died');
  expect(ended).toEqual(['slow']);
});

test('a failure in one while another is awaited is no unhandled rejection', async () => {
  const late = async (signal: AbortSignal): Promise<void> => {
    await sleep(60_000, undefined, { signal });
  };
  const failing = async (): Promise<void> => {
    await sleep(1);
    throw new Error('first');
  };
  await expect(together(never, [late, failing, late])).rejects.toThrow('first');
});

test('a stop from outside reaches every activity and is what it rejects with', async () => {
  const stop = new AbortController();
  const activity = (signal: AbortSignal): Promise<void> => sleep(60_000, undefined, { signal });
  const running = together(stop.signal, [activity, activity]);
  stop.abort(new Error('stopped by SIGINT'));
  await expect(running).rejects.toThrow();
});

test('it resolves when all have', async () => {
  const done: number[] = [];
  await together(never, [async () => void done.push(1), async () => void done.push(2)]);
  expect(done).toEqual([1, 2]);
});
