/** Bad clients of the harness's own, as the gateway sees them, and the metrics page under those who look at it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { ask, until } from '../../support/http.ts';
import { type WholeWorld, play, startWholeWorld } from '../../support/whole-world.ts';

const never = new AbortController().signal;
let whole: WholeWorld;
let port: number;

beforeAll(async () => {
  whole = await startWholeWorld();
  port = Number(whole.world.gateway.traffic.port);
  await until(() => whole.world.gateway.ready(never), 'the gateway is ready');
});

afterAll(() => whole[Symbol.asyncDispose]());

test('clients go away before their answers, and others are served meanwhile', async () => {
  const { world } = whole;
  const slow = await play({ kind: 'upstream.slow', by: '200ms' }, world, 0);
  const before = (await world.echo.counters()).requests;
  const played = await play({ kind: 'client.abandon', perSecond: 30 }, world, 1);
  expect(played.proof).toMatch(/^\d+ requests a second were sent and left$/);
  expect((await ask(port, { path: '/settled/0' })).status).toBe(200);
  // They were meant for the upstream, and have reached it.
  await expect
    .poll(async () => (await world.echo.counters()).requests - before, { timeout: 30_000 })
    .toBeGreaterThan(5);
  expect(await played.heal()).toBe('no bad client is there any more');
  await slow.heal();
});

test('clients stall within their requests until the heal, and others are served meanwhile', async () => {
  const played = await play({ kind: 'client.stall', connections: 20 }, whole.world, 2);
  expect(played.proof).toBe('20 clients sent half of a request; 20 are connected');
  expect((await ask(port, { path: '/settled/0' })).status).toBe(200);
  expect(await played.heal()).toBe('no bad client is there any more');
});

test('the metrics page is asked for again and again, and given', async () => {
  const played = await play({ kind: 'gateway.scrape', perSecond: 20 }, whole.world, 3);
  expect(played.proof).toMatch(/^\d+ metrics pages came, the last of \d+ bytes$/);
  expect(await played.heal()).toBe('nobody asks for the metrics page any more');
});

test('where there is no metrics page, nobody asks for it', () => {
  const fault: Fault = { kind: 'gateway.scrape', perSecond: 1 };
  const world = { ...whole.world, gateway: { ...whole.world.gateway, metrics: undefined } };
  expect(injectorOf(fault).unsupported(fault, world)).toBe('reference has no metrics page');
});
