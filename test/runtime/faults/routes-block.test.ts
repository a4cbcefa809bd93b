/** Blocks by the Admin API of one gateway: refused on every worker of two, and open again; and single requests to that API. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../../harness/model/ports.ts';
import { connectAllWorkers } from '../../../harness/probes/all-workers.ts';
import { askConformance } from '../../../harness/probes/conformance/ask.ts';
import type { Workers } from '../../../harness/probes/workers.ts';
import { asked } from '../../../scenarios/http/request.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { until } from '../../support/http.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { type WholeWorld, play, startWholeWorld } from '../../support/whole-world.ts';

const fault: Fault = { kind: 'routes.block', routes: 2 };
const never = new AbortController().signal;
let whole: WholeWorld;
let beside: Gateway;
let workers: Workers;

beforeAll(async () => {
  whole = await startWholeWorld([fault], '', {}, undefined, { ballast: 4 });
  const { world } = whole;
  beside = await world.launchGateway('beside-1', never);
  for (const gateway of [world.gateway, beside]) await until(() => gateway.ready(never), 'both gateways are ready');
  workers = await connectAllWorkers([world.gateway, beside], never);
});

afterAll(async () => {
  await workers[Symbol.asyncDispose]();
  await beside[Symbol.asyncDispose]();
  await whole[Symbol.asyncDispose]();
});

/** What every worker serves for a route, without repetition. */
async function served(path: string): Promise<readonly unknown[]> {
  const answers = await Promise.all(workers.all.map((worker) => worker.read(path, never)));
  return [...new Set(answers.map(({ got }) => got))];
}

test('the workers of both gateways are one set, those beside named after their gateway', () => {
  expect(workers.all.map(({ name, beside = false }) => [name, beside])).toEqual([
    ['1', false],
    ['2', false],
    ['gateway-beside-1: 1', true],
    ['gateway-beside-1: 2', true],
  ]);
  // Whoever remembers a worker meets it again.
  expect(workers.all.every((worker, index) => worker === workers.all[index])).toBe(true);
});

test('two routes are refused by every worker of both gateways, a third by none, and all are open again', async () => {
  const played = await play(fault, whole.world, 0, 60_000, whole.routes);
  expect(played.proof).toMatch(/^2 blocks were acknowledged within \d+ ms; etcd holds 2$/);
  for (const path of ['/ballast/0', '/ballast/1'])
    await expect.poll(() => served(path), { timeout: 30_000 }).toEqual([null]);
  expect(await served('/ballast/2')).toEqual([5]);
  expect(await played.heal()).toBe('every block was acknowledged to be lifted; etcd holds 0');
  for (const [path, seq] of [
    ['/ballast/0', 3],
    ['/ballast/1', 4],
  ] as const)
    await expect.poll(() => served(path), { timeout: 30_000 }).toEqual([seq]);
  const told = whole.recorder.history.flatMap((o) =>
    o.kind === 'write' && o.edge === 'ok' ? [`${o.route} ${o.seq}`] : [],
  );
  // Lifted twice: healing what is healed changes nothing.
  const lifts = ['ballast-0 3', 'ballast-1 4'];
  expect(told).toEqual(['ballast-0 null', 'ballast-1 null', ...lifts, ...lifts]);
});

test('requests to the Admin API come with its key, and are answered alike each time', async () => {
  const list = 'GET /apisix/admin/routes';
  const requests = [
    asked('write', 'PUT /apisix/admin/upstreams/asked', { nodes: { '127.0.0.1:9': 1 } }),
    asked('read', 'GET /apisix/admin/upstreams/asked'),
    { ...asked('without the key', list), head: [`${list} HTTP/1.1`, 'X-API-KEY: x'] },
    asked('delete', 'DELETE /apisix/admin/upstreams/asked'),
  ] as const;
  const answers = async (): Promise<readonly string[]> => {
    const recorder = memoryRecorder();
    for (const stage of ['before', 'during', 'after'] as const)
      await askConformance(whole.world.gateway, { objects: {}, requests }, stage, recorder, never);
    return recorder.history.flatMap((o) => (o.kind === 'conformance' ? [`${o.stage} ${o.request}: ${o.answer}`] : []));
  };
  const first = await answers();
  expect(first.map((text) => text.split('\n')[0])).toEqual([
    'during write: HTTP/1.1 201 Created',
    'during read: HTTP/1.1 200 OK',
    'during without the key: HTTP/1.1 401 Unauthorized',
    'during delete: HTTP/1.1 200 OK',
  ]);
  expect(await answers()).toEqual(first);
});
