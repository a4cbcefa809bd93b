/** Faults that change good routes, on a real gateway which has to follow: seen in etcd and at the gateway by the test's own clients. */
import { Etcd3 } from 'etcd3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import { oddIds } from '../../../harness/faults/routes-odd-ids.ts';
import { seedTable } from '../../../harness/load/seed-table.ts';
import type { Observation } from '../../../harness/model/history.ts';
import type { World } from '../../../harness/model/ports.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { trialRoutes } from '../../../harness/run/trial-routes.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { type EchoUpstream, type TestGateway, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { type MemoryRecorder, memoryRecorder } from '../../support/recorder.ts';
import { type TrialWorld, startTrialWorld } from '../../support/trial-world.ts';

const ballast = 60;

let started: TrialWorld;
let echo: EchoUpstream;
let gateway: TestGateway;
let client: Etcd3;
let recorder: MemoryRecorder;
let world: World;
let context: Parameters<ReturnType<typeof injectorOf>['inject']>[2];

beforeEach(async () => {
  const signal = AbortSignal.timeout(90_000);
  [started, echo] = [await startTrialWorld(), await startEcho()];
  world = { ...started.world, upstream: new URL(`http://${echo.node}`) };
  client = new Etcd3({ hosts: world.etcd.origin });
  recorder = memoryRecorder();
  const table = new RouteTable({ settled: 1, ballast, probes: 0 });
  context = { seed: 1, step: 0, holdMs: 5_000, signal, routes: trialRoutes(table, recorder) };
  await seedTable(world, table, signal);
  gateway = await startGateway({ etcd: world.etcd });
  await until(() => gateway.ready(), 'the gateway is ready');
  await until(async () => (await gateway.get('/ballast/59')) === '200 /seq/61', 'the table is served');
});

afterEach(async () => {
  client.close();
  await Promise.all([gateway, echo, started].map((each) => each[Symbol.asyncDispose]()));
});

const stored = (): Promise<Record<string, string>> => client.getAll().prefix('/apisix/').strings();
const revision = async (): Promise<number> => Number((await client.getAll().limit(1).exec()).header.revision);
const writes = (edge: string): readonly Extract<Observation, { kind: 'write' }>[] =>
  recorder.history.flatMap((o) => (o.kind === 'write' && o.edge === edge ? [o] : []));

test.each([
  ['routes.delete-all', ballast],
  ['routes.prefix-delete', 1],
] as const)(
  '%s: the ballast vanishes in %d revisions, and is back as it was after the heal',
  async (kind, revisions) => {
    const fault: Fault = { kind };
    const injector = injectorOf(fault);
    const [before, at] = [await stored(), await revision()];
    const numbers = await injector.inject(fault, world, context);
    expect(await injector.verify(fault, world, numbers, context)).toBe('60 routes are gone from etcd');
    expect([Object.keys(await stored()), (await revision()) - at]).toEqual([['/apisix/routes/settled-0'], revisions]);
    await until(async () => (await gateway.get('/ballast/59')).startsWith('404'), 'the deleted are not served');
    expect(await gateway.get('/settled/0')).toBe('200 /seq/1');

    await injector.heal(fault, world, context);
    expect(await injector.verifyHealed(fault, world, context)).toBe('all 60 routes are back in etcd');
    expect(await stored()).toEqual(before);
    await until(async () => (await gateway.get('/ballast/59')) === '200 /seq/61', 'they are served again');
    // A part of them is expected of the gateway, first to be gone and then to be back, each at the revision of its change.
    expect(writes('ok').map(({ seq }) => seq === null)).toEqual([...Array(20).fill(true), ...Array(20).fill(false)]);
    expect(
      new Set(
        writes('ok')
          .slice(0, 20)
          .map((write) => write.revision),
      ).size,
    ).toBe(Math.min(20, revisions));
    await injector.heal(fault, world, context);
    expect(await stored()).toEqual(before);
  },
);

test('a put that is refused at the heal is told: the trial is thrown away', async () => {
  const fault: Fault = { kind: 'routes.prefix-delete' };
  await injectorOf(fault).inject(fault, world, context);
  await injectorOf({ kind: 'etcd.nospace' }).inject({ kind: 'etcd.nospace' }, world, context);
  await expect(injectorOf(fault).heal(fault, world, context)).rejects.toThrow('space exceeded');
  await until(async () => writes('unknown').length > 0, 'its outcome is unknown');
  await expect(injectorOf(fault).verifyHealed(fault, world, context)).rejects.toThrow('0 of 60 routes are back');
});

test('routes under odd ids are stored under them, served each, and gone after the heal', async () => {
  const fault: Fault = { kind: 'routes.odd-ids' };
  const injector = injectorOf(fault);
  const before = await stored();
  const numbers = await injector.inject(fault, world, context);
  expect(await injector.verify(fault, world, numbers, context)).toBe(
    `${oddIds.length} routes are in etcd under odd ids`,
  );
  const there = Object.keys(await stored());
  for (const id of oddIds) expect(there).toContain(`/apisix/routes/${id}`);
  const served = async (): Promise<readonly string[]> =>
    Promise.all(oddIds.map((_id, index) => gateway.get(`/odd/${index}`)));
  await until(async () => !(await served()).some((answer) => answer.startsWith('404')), 'all of them are served');
  expect(await served()).toEqual(oddIds.map((_id, index) => `200 /seq/${index + 1}`));

  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toBe('no route with an odd id is in etcd');
  expect(await stored()).toEqual(before);
  await until(async () => (await served()).every((answer) => answer.startsWith('404')), 'none of them is served');
  const told = oddIds.map((_id, index) => `odd-${index}`);
  expect(new Set(writes('ok').map(({ route, seq }) => `${route} ${seq}`))).toEqual(
    new Set([...told.map((route, index) => `${route} ${index + 1}`), ...told.map((route) => `${route} null`)]),
  );
});

test('a table that is filled up holds so many more routes, of which some are followed, and none of them after the heal', async () => {
  const fault: Fault = { kind: 'routes.fill', routes: 250 };
  const injector = injectorOf(fault);
  const [before, at] = [await stored(), await revision()];
  const numbers = await injector.inject(fault, world, context);
  expect(await injector.verify(fault, world, numbers, context)).toBe('250 more routes are in etcd');
  expect(Object.keys(await stored())).toHaveLength(Object.keys(before).length + 250);
  // In transactions, which hold a hundred each.
  expect((await revision()) - at).toBe(3);
  await until(async () => (await gateway.get('/filled/1-249')) === '200 /seq/250', 'the last of them is served');
  expect(await gateway.get('/filled/1-0')).toBe('200 /seq/1');

  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toBe('none of the 250 routes is left');
  expect(await stored()).toEqual(before);
  expect((await revision()) - at).toBe(4);
  await until(async () => (await gateway.get('/filled/1-249')).startsWith('404'), 'none of them is served any more');
  const [come, gone] = [writes('ok').filter(({ seq }) => seq !== null), writes('ok').filter(({ seq }) => seq === null)];
  expect(come.map(({ route }) => route)).toEqual([...everyNth(13, 250), 'filled-1-249']);
  expect(gone.map(({ route }) => route)).toEqual(come.map(({ route }) => route));
});

/** Every nth of the filled routes. */
function everyNth(nth: number, routes: number): readonly string[] {
  return Array.from({ length: Math.floor(routes / nth) }, (_, index) => `filled-1-${(index + 1) * nth - 1}`);
}

test.each(['same', 'distinct'] as const)(
  'a flood by shares, of large routes on %s paths, is gone from etcd after its heal',
  async (paths) => {
    const mix = { create: 0.6, update: 0.4, delete: 0 };
    const fault: Fault = { kind: 'routes.flood', changesPerSecond: 150, paths, mix, valueBytes: 2_000 };
    const injector = injectorOf(fault);
    const before = await stored();
    await injector.prepare(fault, world, context);
    const numbers = await injector.inject(fault, world, context);
    expect(await injector.verify(fault, world, numbers, context)).toMatch(/changes\/s/);
    // No share of deletes: once all of its routes are there, they stay.
    await until(async () => Object.keys(await stored()).length === ballast + 1 + 100, 'all flood routes are there');
    const flood = Object.entries(await stored()).filter(([key]) => key.startsWith('/apisix/routes/flood-1-'));
    expect(new Set(flood.map(([, value]) => value.length))).toEqual(new Set([2_000]));
    const uris = new Set(flood.map(([, value]) => (JSON.parse(value) as { uri: string }).uri));
    expect(uris.size).toBe(paths === 'same' ? 1 : 100);
    const [path = ''] = uris;
    await until(async () => (await gateway.get(path)).startsWith('200'), 'the flood is served');

    await injector.heal(fault, world, context);
    await injector.verifyHealed(fault, world, context);
    expect(await stored()).toEqual(before);
    await until(async () => (await gateway.get(path)).startsWith('404'), 'the flood is not served any more');
  },
);
