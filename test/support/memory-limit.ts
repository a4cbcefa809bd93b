/** `gateway.memory` on a gateway that comes to want far more, seen by what the kernel tells of each of its processes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { World } from '../../harness/model/ports.ts';
import { largeRoutes } from './large-routes.ts';
import { ownBytes } from './processes.ts';
import { play } from './whole-world.ts';

const megabyte = 1_000_000;
/** Each of its two workers keeps all of them: far more than the fault lets it have. */
const routes = 48;
const within = { timeout: 120_000, interval: 50 };

/** Sees that the gateway holds little more while the fault does, and after its heal what it wants. */
export async function seeMemoryLimit(world: World): Promise<void> {
  const before = heldBy(world);
  const [played] = await Promise.all([play({ kind: 'gateway.memory', megabytes: 8 }, world), wantMore(world)]);
  expect(played.proof).toMatch(
    /^the gateway has come up against its limit of \d+ MB \d+ times; the kernel has ended \d+ of its processes$/,
  );
  // Files that it had read may have made room, and an account of the kernel's is a little behind.
  const most = before + 50 * megabyte;
  for (let looks = 0; looks < 100; looks++) {
    expect(heldBy(world)).toBeLessThan(most);
    await sleep(20);
  }
  expect(await played.heal()).toMatch(/^the gateway may hold what it wants; the gateway runs as process \d+/);
  await expect.poll(() => heldBy(world), within).toBeGreaterThan(before + 60 * megabyte);
}

/** From when the limit is there: a gateway that grows quicker than the limit is set cannot be held to it. */
async function wantMore(world: World): Promise<void> {
  await expect.poll(() => world.memoryLimit.state(), within).toBeDefined();
  await largeRoutes(world, routes, megabyte);
}

/** What the gateway's processes hold of their own, without the files that they have read. */
function heldBy(world: World): number {
  return world.processes('gateway').group.reduce((sum, pid) => sum + ownBytes(pid), 0);
}
