/** The table written again while the config writer goes on, on a real etcd. */
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import { oddIds } from '../../../harness/faults/routes-odd-ids.ts';
import { keepTable } from '../../../harness/load/kept-table.ts';
import { seedTable } from '../../../harness/load/seed-table.ts';
import { runWriter } from '../../../harness/load/writer.ts';
import type { Seq } from '../../../harness/model/history.ts';
import type { FaultContext } from '../../../harness/model/injector.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { trialRoutes } from '../../../harness/run/trial-routes.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const never = new AbortController().signal;
const writes = { ratePerSecond: 400, mix: { create: 0.3, update: 0.5, delete: 0.2 } };

test('while changes go on, the table is written again: nothing newer is undone, nothing deleted comes back', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const table = new RouteTable({ settled: 5, ballast: 150, probes: 3_000 });
  const recorder = memoryRecorder();
  const kept = keepTable(world, table, recorder);
  await seedTable(world, table, never);
  const client = new Etcd3({ hosts: world.etcd.origin });
  const stop = new AbortController();
  const writing = runWriter({ world, table, writes, seed: 4 }, recorder, stop.signal);
  const acknowledged = (): number =>
    recorder.history.filter((line) => line.kind === 'write' && line.edge === 'ok' && line.again !== true).length;
  for (const more of [100, 200, 300]) {
    await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(more);
    // All that was written is lost.
    await client.delete().prefix('/apisix/');
    expect((await kept.missing(never)).length).toBeGreaterThan(1_000);
    expect(await kept.writeAgain(never)).toBeGreaterThan(3_000);
    expect(await kept.missing(never)).toEqual([]);
  }
  const since = acknowledged();
  await expect.poll(acknowledged, { timeout: 30_000 }).toBeGreaterThan(since + 50);
  stop.abort();
  await writing;
  const stored = await client.getAll().prefix('/apisix/routes/').strings();
  client.close();
  const served = new Map<string, Seq>(
    Object.entries(stored).map(([key, value]) => [key.split('/').at(-1) ?? '', Number(/seq\/(\d+)/.exec(value)?.[1])]),
  );
  for (const { id, seq } of table.acknowledged) expect([id, served.get(id) ?? null]).toEqual([id, seq]);
  // Of one route one operation at a time, and each has its end.
  const open = new Set<string>();
  for (const line of recorder.history) {
    if (line.kind !== 'write') continue;
    expect(open.has(line.route)).toBe(line.edge !== 'invoke');
    if (line.edge === 'invoke') open.add(line.route);
    else open.delete(line.route);
  }
  expect(open.size).toBe(0);
});

test('what has only an unknown outcome is not written again, and may be there or not', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const table = new RouteTable({ settled: 1, ballast: 0, probes: 1 });
  table.unknown('created-0', 50);
  table.unknown('probe-0', 51);
  const recorder = memoryRecorder();
  const kept = keepTable(world, table, recorder);
  expect(await kept.missing(never)).toEqual(['settled-0']);
  expect(await kept.writeAgain(never)).toBe(2);
  expect(table.acceptable('probe-0', 51)).toBe(false);
  expect(table.acceptable('created-0', 50)).toBe(true);
  const client = new Etcd3({ hosts: world.etcd.origin });
  expect(await client.getAll().prefix('/apisix/').keys()).toEqual([
    '/apisix/routes/probe-0',
    '/apisix/routes/settled-0',
  ]);
  client.close();
});

test('what stands in the static configuration is not kept before its host has moved to etcd', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const table = new RouteTable({ settled: 2, static: 1, ballast: 0, probes: 0 });
  const kept = keepTable(world, table, memoryRecorder());
  await seedTable(world, table, never);
  expect(await kept.missing(never)).toEqual([]);
  expect(await kept.writeAgain(never)).toBe(1);
  table.committed('moved-1', 7, 0);
  expect(await kept.missing(never)).toEqual(['settled-1', 'moved-1']);
  expect(await kept.writeAgain(never)).toBe(3);
  expect(await kept.missing(never)).toEqual([]);
});

test('what faults have changed as writes of the trial is kept like what the config writer has', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const table = new RouteTable({ settled: 1, ballast: 30, probes: 0 });
  const recorder = memoryRecorder();
  const kept = keepTable(world, table, recorder);
  await seedTable(world, table, never);
  const context: FaultContext = {
    seed: 1,
    step: 0,
    holdMs: 5_000,
    signal: never,
    routes: trialRoutes(table, recorder),
  };
  await injectorOf({ kind: 'routes.odd-ids' }).inject({ kind: 'routes.odd-ids' }, world, context);
  const client = new Etcd3({ hosts: world.etcd.origin });
  await trialRoutes(table, recorder).write('ballast-0', null, async () => {
    const { header } = await client.delete().key('/apisix/routes/ballast-0').exec();
    return header.revision;
  });
  const before = await client.getAll().prefix('/apisix/').strings();
  expect(Object.keys(before)).toHaveLength(30 + oddIds.length);
  await client.delete().prefix('/apisix/');
  await kept.writeAgain(never);
  expect(await kept.missing(never)).toEqual([]);
  expect(await client.getAll().prefix('/apisix/').strings()).toEqual(before);
  client.close();
});

test('a change by a fault waits while the table is written again', async () => {
  const table = new RouteTable({ settled: 1, ballast: 0, probes: 0 });
  const order: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const alone = table.changes.alone(async () => {
    await promise;
    order.push('again');
  });
  const change = trialRoutes(table, memoryRecorder()).write('settled-0', null, async () => {
    order.push('changed');
    return '1';
  });
  resolve();
  await Promise.all([alone, change]);
  expect(order).toEqual(['again', 'changed']);
});
