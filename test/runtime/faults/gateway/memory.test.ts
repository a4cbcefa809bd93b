/** The gateway gets so much more memory and no more: seen by what the kernel tells of each of its processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { leftGroups, whyNoGroups } from '../../../../harness/runtimes/kernel-group.ts';
import type { GatewayFault } from '../../../../scenarios/gateway-faults.ts';
import { largeRoutes } from '../../../support/large-routes.ts';
import { askAnew } from '../../../support/kept-connection.ts';
import { ownBytes } from '../../../support/processes.ts';
import { type WholeWorld, play, startWholeWorld } from '../../../support/whole-world.ts';

const megabyte = 1_000_000;
const fault: GatewayFault = { kind: 'gateway.memory', megabytes: 8 };
/** Each of its two workers keeps all of them: far more than the fault lets it have. */
const routes = 48;
const within = { timeout: 120_000, interval: 50 };
const unsupported = whyNoGroups('memory');

/** What the gateway's processes hold of their own, without the files that they have read. */
function heldBy({ world }: WholeWorld): number {
  return world.processes('gateway').group.reduce((sum, pid) => sum + ownBytes(pid), 0);
}

test('with a few megabytes more the gateway holds no more than that, and afterwards what it wants', async (context) => {
  if (unsupported !== undefined) context.skip(unsupported);
  await using whole = await startWholeWorld([fault]);
  const before = heldBy(whole);
  const [played] = await Promise.all([play(fault, whole.world), largeRoutes(whole.world, routes, megabyte)]);
  expect(played.proof).toMatch(
    /^the gateway has come up against its limit of \d+ MB \d+ times; the kernel has ended \d+ of its processes$/,
  );
  // Files that it had read may have made room, and an account of the kernel's is a little behind.
  const most = before + 50 * megabyte;
  for (let looks = 0; looks < 100; looks++) {
    expect(heldBy(whole)).toBeLessThan(most);
    await sleep(20);
  }
  expect(await played.heal()).toMatch(/^the gateway may hold what it wants; the gateway runs as process \d+/);
  await expect.poll(() => heldBy(whole), within).toBeGreaterThan(before + 60 * megabyte);
  await expect.poll(() => askAnew(whole.world.gateway.traffic), within).toBe('answers');
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
