/** Bad clients of the harness's own, as the gateway sees them, and the metrics page under those who look at it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { injectorOf } from '../../../harness/faults/index.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import type { World } from '../../../harness/model/ports.ts';
import { ask, startRawServer, startServer, until } from '../../support/http.ts';
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

/** What a server in the place of the gateway has seen of one client. */
interface Met {
  text: string;
  end: 'none yet' | 'FIN' | 'reset';
}

interface Door extends AsyncDisposable {
  readonly met: readonly Met[];
  readonly world: World;
}

/** The same world, with a server of the test's own where the gateway takes its clients. */
async function startDoor(answer?: string): Promise<Door> {
  const met: Met[] = [];
  const server = await startRawServer((socket) => {
    const one: Met = { text: '', end: 'none yet' };
    met.push(one);
    socket.on('data', (chunk) => {
      one.text += String(chunk);
      if (answer !== undefined) socket.write(answer);
    });
    socket.on('end', () => (one.end = 'FIN'));
    socket.on('error', () => (one.end = 'reset'));
  });
  const { world } = whole;
  const traffic = new URL(`http://127.0.0.1:${server.port}`);
  return {
    met,
    world: { ...world, gateway: { ...world.gateway, traffic } },
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  };
}

/** It has not grown for as long as twenty of its turns take. */
async function standsStill(count: () => number, perSecond: number): Promise<void> {
  let [last, sinceMs] = [count(), performance.now()];
  await until(async () => {
    const now = count();
    if (now !== last) [last, sinceMs] = [now, performance.now()];
    return performance.now() - sinceMs > 20_000 / perSecond;
  }, 'nothing more comes');
}

test('whoever they leave sees a FIN, a reset, and a reset within a body; and nobody any more after the heal', async () => {
  await using door = await startDoor();
  const perSecond = 30;
  const played = await play({ kind: 'client.abandon', perSecond }, door.world, 4);
  const get = /^GET \/settled\/0 HTTP\/1\.1\r\nHost: \S+\r\n\r\n$/;
  const post = /^POST \/settled\/0 HTTP\/1\.1\r\nHost: \S+\r\nContent-Length: 1000\r\n\r\nhalf$/;
  for (const [text, end] of [
    [get, 'FIN'],
    [get, 'reset'],
    [post, 'reset'],
  ] as const)
    await until(() => door.met.some((one) => text.test(one.text) && one.end === end), `${text} and ${end} are seen`);
  await played.heal();
  await standsStill(() => door.met.length, perSecond);
});

test('who has an answer by then has not gone away before it', async () => {
  await using door = await startDoor('HTTP/1.1 204 No Content\r\n\r\n');
  const fault: Fault = { kind: 'client.abandon', perSecond: 100 };
  const injector = injectorOf(fault);
  const enough = new AbortController();
  const context = { seed: 1, step: 7, holdMs: 60_000, signal: enough.signal };
  const before = await injector.inject(fault, door.world, context);
  const proof = injector.verify(fault, door.world, before, context).catch(({ message }: Error) => message);
  await until(() => door.met.length > 200, 'they have come for long enough to be counted');
  enough.abort();
  expect(await proof).toMatch(/^\d+ requests a second were left; planned were 100$/);
  await injector.heal(fault, door.world, context);
});

test('whoever they stall sees half of a request from each, for as long as the step holds', async () => {
  await using door = await startDoor();
  const played = await play({ kind: 'client.stall', connections: 20 }, door.world, 5);
  const halves = (): number => door.met.filter(({ text }) => text.endsWith('\r\nX-Half: ')).length;
  await until(() => halves() === 20, 'each has sent its half');
  expect(door.met.map(({ end }) => end)).toEqual(Array(20).fill('none yet'));
  await played.heal();
  await until(() => door.met.every(({ end }) => end !== 'none yet'), 'all are gone');
  expect([door.met.length, halves()]).toEqual([20, 20]);
});

test('whoever is scraped is asked at the rate, and no more after the heal', async () => {
  let asked = 0;
  await using page = await startServer((request, response) => {
    asked += request.url === '/metrics' ? 1 : 0;
    response.end('requests 1');
  });
  const metrics = new URL(`http://127.0.0.1:${page.port}/metrics`);
  const world = { ...whole.world, gateway: { ...whole.world.gateway, metrics } };
  const startMs = performance.now();
  const played = await play({ kind: 'gateway.scrape', perSecond: 50 }, world, 6);
  expect(played.proof).toMatch(/^\d+ metrics pages came, the last of 10 bytes$/);
  await until(() => asked >= 10, 'it is asked again and again');
  // One that comes late delays the next: it is never more.
  expect(asked).toBeLessThanOrEqual(1 + (50 * (performance.now() - startMs)) / 1_000);
  await played.heal();
  await standsStill(() => asked, 50);
});

test('where there is no metrics page, nobody asks for it', () => {
  const fault: Fault = { kind: 'gateway.scrape', perSecond: 1 };
  const world = { ...whole.world, gateway: { ...whole.world.gateway, metrics: undefined } };
  expect(injectorOf(fault).unsupported(fault, world)).toBe('reference has no metrics page');
});
