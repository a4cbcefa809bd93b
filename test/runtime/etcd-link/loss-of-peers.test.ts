import { expect, test } from 'vitest';
import { startLinkedEtcd, watchPrefix } from '../../support/link.ts';

const within = { timeout: 30_000, interval: 10 };

test('a harness that has died leaves no fault behind: without heartbeats the link heals itself', async () => {
  await using world = await startLinkedEtcd({ heartbeatMs: 300 });
  using watch = watchPrefix(world.link.address, '/dms/');
  await expect.poll(() => watch.created, within).toBe(1);
  await world.link.inject({ kind: 'watch.stall', mode: 'hold' }, 1);
  world.link[Symbol.dispose]();
  await world.direct.put('/dms/1').value('x');
  await expect.poll(() => watch.keys, within).toEqual(['/dms/1']);
});

test('a harness that stood still too long is told that its fault has ended without it', async () => {
  // Its heartbeat comes every second: late by this link's measure.
  await using world = await startLinkedEtcd({ heartbeatMs: 300 });
  await world.link.inject({ kind: 'watch.stall', mode: 'hold' }, 1);
  await expect(world.link.healedItself).rejects.toMatchObject({ code: 'HEARTBEAT_MISSED' });
});

test('when etcd dies the client sees its connection end', async () => {
  await using world = await startLinkedEtcd();
  using watch = watchPrefix(world.link.address, '/gone/');
  await expect.poll(() => watch.created, within).toBe(1);
  await world.etcd.restart('keep');
  await expect.poll(() => watch.ended, within).toBe(14);
  using again = watchPrefix(world.link.address, '/gone/');
  await expect.poll(() => again.created, within).toBe(1);
});
