/** Faults in the route table, on a real gateway that has to bear them. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const signal = AbortSignal.timeout(600_000);
const context = { seed: 1, step: 0, holdMs: 10_000, signal };

test('unusable values reach etcd, cost no other route anything, and are gone after the heal', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  await using echo = await startEcho();
  const client = new Etcd3({ hosts: world.etcd.origin });
  await client.put('/apisix/routes/settled-0').value(routeTo(echo, '/settled/0', 1));
  await using gateway = await startGateway({ etcd: world.etcd });
  await until(() => gateway.ready(), 'the gateway is ready');
  const fault: Fault = { kind: 'routes.poison' };
  const injector = injectorOf(fault);
  const before = await injector.inject(fault, world, context);
  expect(await injector.verify(fault, world, before, context)).toMatch(/^\d\d unusable routes are in etcd$/);
  await until(async () => Object.keys((await gateway.workers())[0]?.rejected ?? {}).length > 30, 'they are refused');
  // The largest is as long as etcd lets it be.
  const { kvs } = await client.getAll().prefix('/apisix/routes/poison-').exec();
  const [{ key, value: longest } = { key: '', value: '' }] = kvs.toSorted((a, b) => b.value.length - a.value.length);
  const mebibytes = longest.length / 1_048_576;
  expect([mebibytes > 1.49, mebibytes < 1.5]).toEqual([true, true]);
  await expect(client.put(String(key)).value(`${String(longest)}${' '.repeat(8_192)}`)).rejects.toThrow('too large');
  expect(await gateway.get('/settled/0')).toBe('200 /seq/1');
  await client.put('/apisix/routes/settled-0').value(routeTo(echo, '/settled/0', 2));
  await until(async () => (await gateway.get('/settled/0')) === '200 /seq/2', 'a later change is served');
  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toBe('no unusable route is in etcd');
  expect(await client.getAll().prefix('/apisix/routes/').keys()).toEqual(['/apisix/routes/settled-0']);
  client.close();
});

test('of a group beside it, the gateway sees nothing', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  await using echo = await startEcho();
  const client = new Etcd3({ hosts: world.etcd.origin });
  await client.put('/apisix/routes/settled-0').value(routeTo(echo, '/settled/0', 1));
  await using gateway = await startGateway({ etcd: world.etcd });
  await until(() => gateway.ready(), 'the gateway is ready');
  const poison: Fault = { kind: 'routes.poison', group: 'beside' };
  const flood: Fault = { kind: 'routes.flood', changesPerSecond: 50, paths: 'distinct', group: 'beside' };
  for (const fault of [poison, flood]) {
    const injector = injectorOf(fault);
    await injector.prepare(fault, world, context);
    const before = await injector.inject(fault, world, context);
    await injector.verify(fault, world, before, context);
  }
  const written = await client.getAll().prefix('/apisix').keys();
  expect(written.filter((key) => key.startsWith('/apisix-beside/routes/')).length).toBeGreaterThan(40);
  expect(written.filter((key) => key.startsWith('/apisix/'))).toEqual(['/apisix/routes/settled-0']);
  const [worker] = await gateway.workers();
  expect([Object.keys(worker?.rejected ?? {}), await gateway.get('/settled/0')]).toEqual([[], '200 /seq/1']);
  for (const fault of [poison, flood]) {
    await injectorOf(fault).heal(fault, world, context);
    await injectorOf(fault).verifyHealed(fault, world, context);
  }
  expect(await client.getAll().prefix('/apisix').keys()).toEqual(['/apisix/routes/settled-0']);
  client.close();
});

test('routes written again as they are: events without news, and none of a route that others write', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const client = new Etcd3({ hosts: world.etcd.origin });
  const value = 'as it is';
  await client.put('/apisix/routes/settled-0').value(value);
  await client.put('/apisix/routes/probe-0').value('written by others');
  const fault: Fault = { kind: 'routes.noop', putsPerSecond: 50 };
  const injector = injectorOf(fault);
  await injector.prepare(fault, world, context);
  const before = await injector.inject(fault, world, context);
  expect(await injector.verify(fault, world, before, context)).toMatch(/^etcd shows \d\d puts\/s$/);
  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toContain('gone');
  const { kvs } = await client.getAll().prefix('/apisix/routes/').exec();
  expect(kvs.map(({ value, version }) => [String(value), Number(version) > 10])).toEqual([
    ['written by others', false],
    [value, true],
  ]);
  client.close();
});
