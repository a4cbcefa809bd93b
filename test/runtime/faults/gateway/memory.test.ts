/** The gateway gets so much more memory and no more: seen by what the kernel tells of each of its processes. */
import { expect, test } from 'vitest';
import { leftGroups, whyNoGroups } from '../../../../harness/runtimes/kernel-group.ts';
import { askAnew } from '../../../support/kept-connection.ts';
import { seeMemoryLimit } from '../../../support/memory-limit.ts';
import { startWholeWorld } from '../../../support/whole-world.ts';

const unsupported = whyNoGroups('memory');

test('with a few megabytes more the gateway holds no more than that, and afterwards what it wants', async (context) => {
  if (unsupported !== undefined) context.skip(unsupported);
  await using whole = await startWholeWorld([{ kind: 'gateway.memory', megabytes: 8 }]);
  await seeMemoryLimit(whole.world);
  await expect.poll(() => askAnew(whole.world.gateway.traffic), { timeout: 120_000 }).toBe('answers');
  // None of these deaths is one of the trial.
  expect(await Promise.race([whole.world.died, Promise.resolve('lives')])).toBe('lives');
  await whole[Symbol.asyncDispose]();
  expect(leftGroups().filter(({ runId }) => runId === whole.runId)).toEqual([]);
}, 360_000);

test('a gateway whose timeline does not limit it is not counted, and the fault says so', async (context) => {
  if (unsupported !== undefined) context.skip(unsupported);
  await using whole = await startWholeWorld();
  expect(whole.world.memoryLimit.whyNot()).toBe('the memory of no process is counted in this trial');
  expect(leftGroups().filter(({ runId }) => runId === whole.runId)).toEqual([]);
});
