/** Limits and shares of traffic, in one worker; over several workers they are seen in `over-workers.test.ts`. */
import { expect, test } from 'vitest';
import { ask, startServer } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

test('limit-count: so many and no more, with what is left told', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  const limit = { count: 2, time_window: 60, rejected_code: 429, rejected_msg: 'slow down' };
  await using proxy = await startProxy([upstream.node], { plugins: { 'limit-count': limit }, alone: true });
  const answers = [await ask(proxy.port), await ask(proxy.port), await ask(proxy.port)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.map(({ headers }) => headers['x-ratelimit-remaining'])).toEqual(['1', '0', '0']);
  expect(answers.at(-1)).toMatchObject({ body: '{"error_msg":"slow down"}', headers: { 'x-ratelimit-limit': '2' } });
});

test('limit-count: each value of the key has a count of its own; what lacks it is counted by its address', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  const limit = { count: 1, time_window: 60, key_type: 'var', key: 'http_x_user' };
  await using proxy = await startProxy([upstream.node], { plugins: { 'limit-count': limit }, alone: true });
  const statuses: number[] = [];
  for (const user of ['a', 'b', 'a', undefined, undefined]) {
    statuses.push((await ask(proxy.port, { headers: user === undefined ? {} : { 'X-User': user } })).status);
  }
  expect(statuses).toEqual([200, 200, 503, 200, 503]);
});

test('limit-count: a group counts together over routes; without one each route counts alone', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' }, alone: true });
  const route = (uri: string, extra: object): object => ({
    uri,
    upstream: { nodes: [upstream.node] },
    plugins: { 'limit-count': { count: 1, time_window: 60, ...extra } },
  });
  for (const id of ['g1', 'g2']) await proxy.put(`routes/${id}`, route(`/${id}`, { group: 'g' }));
  for (const id of ['a1', 'a2']) await proxy.put(`routes/${id}`, route(`/${id}`, {}));
  const statuses: number[] = [];
  for (const path of ['/g1', '/g2', '/a1', '/a2']) statuses.push((await ask(proxy.port, { path })).status);
  expect(statuses).toEqual([200, 503, 200, 200]);
});

test('limit-req: what is within the burst waits for its turn; with nodelay it does not', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  // One more would pass for each second that lies between the first and the last of them.
  const limit = { rate: 1, burst: 3, key: 'remote_addr', rejected_code: 429 };
  await using waiting = await startProxy([upstream.node], { plugins: { 'limit-req': limit }, alone: true });
  const started = performance.now();
  const statuses = await Promise.all(Array.from({ length: 6 }, async () => (await ask(waiting.port)).status));
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 429, 429]);
  expect(performance.now() - started).toBeGreaterThan(2_900);
  await using hasty = await startProxy([upstream.node], {
    plugins: { 'limit-req': { ...limit, rate: 0.1, nodelay: true } },
    alone: true,
  });
  const again = performance.now();
  const quick = await Promise.all(Array.from({ length: 4 }, async () => (await ask(hasty.port)).status));
  // Its turn would come after half a minute.
  expect(performance.now() - again).toBeLessThan(15_000);
  expect(quick).toEqual([200, 200, 200, 200]);
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
  await proxy.put('upstreams/next', { nodes: [canary.node] });
  expect((await ask(proxy.port)).body).toBe('canary');
});
