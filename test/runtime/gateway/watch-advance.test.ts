import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchAdvanceOnTimeout as mutant } from '../../../gateway/mutants/watch-advance-on-timeout.ts';
import { startFollower } from '../../support/follower.ts';
import { type LinkedEtcd, startLinkedEtcd } from '../../support/link.ts';

let world: LinkedEtcd;
beforeAll(async () => {
  world = await startLinkedEtcd();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 15_000, interval: 10 };
const watchTimeoutMs = 1_000;
const put = async (key: string): Promise<void> => {
  await world.direct.put(key).value(JSON.stringify({ uri: '/x', upstream_id: 'u' }));
};

test('a stall that is over before the watch times out loses nothing', async () => {
  await using follower = startFollower({ etcd: world.link.address, prefix: '/short', watchTimeoutMs, mutant });
  await put('/short/routes/before');
  await expect.poll(() => follower.table.size, within).toBe(1);
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put('/short/routes/during');
  await world.link.heal();
  await expect.poll(() => follower.table.has('route/during'), within).toBe(true);
  expect(follower.ends).toEqual(['silent']);
});

test('a stall that outlasts one restart loses updates and deletes alike, and goes on as if nothing had been', async () => {
  await using follower = startFollower({ etcd: world.link.address, prefix: '/long', watchTimeoutMs, mutant });
  await using honest = startFollower({ etcd: world.link.address, prefix: '/long', watchTimeoutMs });
  await put('/long/routes/deleted');
  await expect.poll(() => [follower.table.size, honest.table.size], within).toEqual([1, 1]);
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put('/long/routes/during');
  await world.direct.delete().key('/long/routes/deleted');
  await expect.poll(() => Math.min(follower.ends.length, honest.ends.length), within).toBeGreaterThanOrEqual(1);
  const opened = (): number => follower.states.filter(({ state }) => state === 'watching').length;
  const before = opened();
  await expect.poll(opened, within).toBeGreaterThan(before);
  await world.link.heal();
  await put('/long/routes/after');
  await expect
    .poll(() => [follower, honest].map(({ table }) => table.has('route/after')), within)
    .toEqual([true, true]);
  expect([...follower.table.keys()].toSorted()).toEqual(['route/after', 'route/deleted']);
  expect([...honest.table.keys()].toSorted()).toEqual(['route/after', 'route/during']);
  expect(follower.states.map(({ state }) => state)).not.toContain('waiting');
  expect(follower.relists).toBe(1);
});
