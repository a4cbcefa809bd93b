/** Faults by how much there is at once, seen by a watch and reads of the test's own, and by a real gateway. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { etcdMetrics } from '../../../harness/faults/etcd-metrics.ts';
import { injectorOf } from '../../../harness/faults/index.ts';
import { startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { played } from '../../support/played-fault.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

/** How many events of a kind came, and at how many revisions. */
function summary(events: readonly string[], kind: 'put' | 'delete'): readonly [number, number] {
  const wanted = events.filter((event) => event.startsWith(kind));
  return [wanted.length, new Set(wanted.map((event) => event.split('@')[1])).size];
}

test('etcd.huge-txn: 128 routes in one revision, and gone in another one', async () => {
  await using started = await startTrialWorld();
  const { etcd } = started.world;
  using watch = openJsonWatch(etcd, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => watch.lines.length === 1, 'the watch is there');
  await played({ kind: 'etcd.huge-txn', routes: 128 }, started.world, async (proof) => {
    expect(proof).toMatch(/^etcd holds 128 routes of one transaction, at revision \d+$/);
    await until(() => watch.events().length === 128, 'all have come');
    expect(summary(watch.events(), 'put')).toEqual([128, 1]);
  });
  await until(() => watch.events().length === 256, 'all are gone');
  expect(summary(watch.events(), 'delete')).toEqual([128, 1]);
});

test('etcd.huge-value: a gateway serves routes that together are more than gRPC takes by default', async () => {
  await using started = await startTrialWorld();
  await using echo = await startEcho();
  const world = { ...started.world, upstream: new URL(`http://${echo.node}`) };
  const client = new Etcd3({ hosts: world.etcd.origin });
  await using gateway = await startGateway({ etcd: world.etcd });
  await until(() => gateway.ready(), 'the gateway is ready');
  await played({ kind: 'etcd.huge-value', bytes: 1_000_000, values: 5 }, world, async (proof) => {
    expect(proof).toBe('etcd holds 5 of 5 routes of 1000000 bytes');
    expect((await client.get('/apisix/routes/huge-3').buffer())?.length).toBe(1_000_000);
    await until(async () => (await gateway.get('/huge/3')) === '200 /seq/3', 'the gateway serves them');
  });
  expect(await client.getAll().prefix('/apisix/routes/huge-').count()).toBe(0);
  await until(async () => (await gateway.get('/huge/3')).startsWith('404'), 'the gateway has let them go');
  client.close();
});

test('etcd.lease-storm: the routes come, and go when their leases run out; no lease is left', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const client = new Etcd3({ hosts: world.etcd.origin });
  using watch = openJsonWatch(world.etcd, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => watch.lines.length === 1, 'the watch is there');
  await played({ kind: 'etcd.lease-storm', leases: 300, ttl: '2s' }, world, async (proof) => {
    expect(proof).toBe('etcd counts 300 leases granted and 300 expired');
    await until(() => watch.events().length === 600, 'all have come and gone');
    expect([summary(watch.events(), 'put')[0], summary(watch.events(), 'delete')[0]]).toEqual([300, 300]);
  });
  expect((await client.leaseClient.leaseLeases()).leases).toEqual([]);

  // Cut short: the leases have not run out when it is healed.
  const fault = { kind: 'etcd.lease-storm', leases: 50, ttl: '600s' } as const;
  const injector = injectorOf(fault);
  const context = { seed: 1, step: 1, holdMs: 10_000, signal: AbortSignal.timeout(20_000) };
  await injector.prepare(fault, world, context);
  const { leasesGranted } = await etcdMetrics(world, context.signal);
  await injector.inject(fault, world, context);
  const granted = async (): Promise<number> => (await etcdMetrics(world, context.signal)).leasesGranted;
  await until(async () => (await granted()) === leasesGranted + 50, 'they are granted');
  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toMatch(/no lease or route of it is left$/);
  expect((await client.leaseClient.leaseLeases()).leases).toEqual([]);
  expect(await client.getAll().prefix('/apisix/').count()).toBe(0);
  client.close();
});
