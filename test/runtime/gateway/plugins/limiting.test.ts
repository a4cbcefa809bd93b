/** Limits and shares of traffic, in one process; over several workers they are seen in `over-workers.test.ts`. */
import { expect, test } from 'vitest';
import { localCounters } from '../../../../gateway/limits/local-counters.ts';
import { ask, startProxy, startServer } from '../../../support/proxy.ts';

test('limit-count: so many and no more, with what is left told', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  const limit = { count: 2, time_window: 60, rejected_code: 429, rejected_msg: 'slow down' };
  await using proxy = await startProxy([upstream.node], { plugins: { 'limit-count': limit } });
  const answers = [await ask(proxy.port), await ask(proxy.port), await ask(proxy.port)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['1', '0', '0']);
  expect(answers.at(-1)).toMatchObject({ body: '{"error_msg":"slow down"}', headers: { 'x-ratelimit-limit': '2' } });
});

test('limit-count: each value of the key has a count of its own; what lacks it is counted by its address', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  const limit = { count: 1, time_window: 60, key_type: 'var', key: 'http_x_user' };
  await using proxy = await startProxy([upstream.node], { plugins: { 'limit-count': limit } });
  for (const user of ['a', 'b', 'a', undefined, undefined]) {
    await ask(proxy.port, { headers: user === undefined ? {} : { 'X-User': user } });
  }
  expect(proxy.served).toEqual([200, 200, 503, 200, 503]);
});

test('limit-count: a group counts together over routes; without one each route counts alone', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' } });
  const route = (uri: string, extra: object): object => ({
    uri,
    upstream: { nodes: [upstream.node] },
    plugins: { 'limit-count': { count: 1, time_window: 60, ...extra } },
  });
  for (const id of ['g1', 'g2']) proxy.put(`routes/${id}`, route(`/${id}`, { group: 'g' }));
  for (const id of ['a1', 'a2']) proxy.put(`routes/${id}`, route(`/${id}`, {}));
  for (const path of ['/g1', '/g2', '/a1', '/a2']) await ask(proxy.port, { path });
  expect(proxy.served).toEqual([200, 503, 200, 200]);
});

test('a window that is over begins anew, and forgotten keys leave no memory behind', async () => {
  let now = 0;
  const counters = localCounters(() => now);
  const order = { key: 'k', limit: 1, windowMs: 1_000 };
  const admitted = (): boolean => (counters.window(order) as { admitted: boolean }).admitted;
  expect([admitted(), admitted()]).toEqual([true, false]);
  now = 999;
  expect(admitted()).toBe(false);
  now = 1_000;
  expect(admitted()).toBe(true);
});

test('limit-req: the rate and a burst above it, as nginx counts', () => {
  let now = 0;
  const counters = localCounters(() => now);
  const ask = (): object => counters.bucket({ key: 'k', rate: 10, burst: 2 });
  expect([ask(), ask(), ask(), ask()]).toEqual([
    { admitted: true, delayMs: 0 },
    { admitted: true, delayMs: 100 },
    { admitted: true, delayMs: 200 },
    { admitted: false, delayMs: 0 },
  ]);
  now = 100;
  expect(ask()).toEqual({ admitted: true, delayMs: 200 });
  now = 10_000;
  expect(ask()).toEqual({ admitted: true, delayMs: 0 });
});

test('limit-req: what is within the burst waits for its turn; with nodelay it does not', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  const limit = { rate: 5, burst: 3, key: 'remote_addr', rejected_code: 429 };
  await using waiting = await startProxy([upstream.node], { plugins: { 'limit-req': limit } });
  const started = performance.now();
  const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await ask(waiting.port)).status));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 429, 429]);
  expect(performance.now() - started).toBeGreaterThan(550);
  await using hasty = await startProxy([upstream.node], { plugins: { 'limit-req': { ...limit, nodelay: true } } });
  const again = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => ask(hasty.port)));
  expect(hasty.served).toEqual([200, 200, 200, 200]);
  expect(performance.now() - again).toBeLessThan(550);
});

test('traffic-split: nine to one is nine to one, and what fits a condition goes whole', async () => {
  await using stable = await startServer((_request, response) => response.end('stable'));
  await using canary = await startServer((_request, response) => response.end('canary'));
  const other = { upstream: { nodes: [canary.node] } };
  const rules = [
    { match: [{ vars: [['http_x_canary', '==', 'yes']] }], weighted_upstreams: [other] },
    { weighted_upstreams: [{ ...other, weight: 1 }, { weight: 9 }] },
  ];
  await using proxy = await startProxy([stable.node], { plugins: { 'traffic-split': { rules } } });
  const bodies: string[] = [];
  for (let count = 0; count < 100; count++) bodies.push((await ask(proxy.port)).body);
  expect(bodies.filter((body) => body === 'canary')).toHaveLength(10);
  expect((await ask(proxy.port, { headers: { 'X-Canary': 'yes' } })).body).toBe('canary');
});

test('traffic-split: to a named upstream, found when the request comes; 502 while it is not there', async () => {
  await using stable = await startServer((_request, response) => response.end('stable'));
  await using canary = await startServer((_request, response) => response.end('canary'));
  const rules = [{ weighted_upstreams: [{ upstream_id: 'next' }] }];
  await using proxy = await startProxy([stable.node], { plugins: { 'traffic-split': { rules } } });
  expect((await ask(proxy.port)).status).toBe(502);
  proxy.put('upstreams/next', { nodes: [canary.node] });
  expect((await ask(proxy.port)).body).toBe('canary');
});
