/** A real gateway of two workers before a real etcd: what must hold over both of them, and what they tell of themselves. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, startEcho, startGateway } from '../../../support/gateway.ts';
import { type Answer, ask, until } from '../../../support/http.ts';

let etcd: TestEtcd;
let gateway: TestGateway;
let echo: EchoUpstream;
let client: Etcd3;

beforeAll(async () => {
  etcd = await startEtcd();
  echo = await startEcho();
  client = new Etcd3({ hosts: etcd.url.origin });
  gateway = await startGateway({ etcd: etcd.url, workers: 2, env: { GATEWAY_ROOM: 'a' } });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  client.close();
  await gateway[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

async function put(key: string, value: object): Promise<void> {
  const { header } = await client.put(`/apisix/${key}`).value(JSON.stringify(value));
  await until(async () => {
    const workers = await gateway.workers();
    return workers.length === 2 && workers.every(({ revision }) => BigInt(revision) >= BigInt(header.revision));
  }, `${key} is in force on both workers`);
}

/** On a connection of its own each; the workers take them in turn. */
function get(path: string, times: number, headers: Readonly<Record<string, string>> = {}): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: times }, () => ask(Number(gateway.traffic.port), { path, headers })));
}

const routeWith = (uri: string, plugins: object): object => ({ uri, upstream: { nodes: { [echo.node]: 1 } }, plugins });

function counted(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

test('limit-count is exact over both workers', async () => {
  await put('routes/count', routeWith('/count', { 'limit-count': { count: 7, time_window: 600, rejected_code: 429 } }));
  const answers = await get('/count', 40);
  expect(new Set(answers.map(({ headers }) => headers['x-gateway-worker'])).size).toBe(2);
  expect(counted(answers)).toEqual({ 200: 7, 429: 33 });
});

test('limit-req is exact over both workers', async () => {
  const limit = { rate: 0.01, burst: 4, key: 'remote_addr', nodelay: true, rejected_code: 429 };
  await put('routes/req', routeWith('/req', { 'limit-req': limit }));
  expect(counted(await get('/req', 30))).toEqual({ 200: 5, 429: 25 });
});

test('key-auth knows a consumer on both workers, and no more when it is gone', async () => {
  await put('routes/key', routeWith('/key', { 'key-auth': {} }));
  await put('consumers/jack', { username: 'jack', plugins: { 'key-auth': { key: 'jacks' } } });
  expect(counted(await get('/key', 10, { apikey: 'jacks' }))).toEqual({ 200: 10 });
  expect(counted(await get('/key', 10))).toEqual({ 401: 10 });
  await client.delete().key('/apisix/consumers/jack');
  await expect.poll(async () => counted(await get('/key', 10, { apikey: 'jacks' }))).toEqual({ 401: 10 });
});

test('traffic-split, redirect, response-rewrite, cors, mocking, blockers and conditions work as etcd says', async () => {
  const rules = [{ match: [{ vars: [['arg_canary', '==', 'yes']] }], weighted_upstreams: [{ upstream_id: 'gone' }] }];
  await put('routes/split', routeWith('/split', { 'traffic-split': { rules } }));
  expect(counted(await get('/split', 4))).toEqual({ 200: 4 });
  expect(counted(await get('/split?canary=yes', 4))).toEqual({ 502: 4 });
  await put('routes/redirect', routeWith('/redirect', { redirect: { uri: '/there' } }));
  expect((await get('/redirect', 1))[0]?.headers.location).toBe('/there');
  await put(
    'routes/answer',
    routeWith('/answer', { 'response-rewrite': { body: 'mine' }, cors: {}, 'request-id': {} }),
  );
  const [answer] = await get('/answer', 1, { origin: 'https://a.com' });
  expect([answer?.body, answer?.headers['access-control-allow-origin']]).toEqual(['mine', '*']);
  await put('routes/mock', { uri: '/mock', plugins: { mocking: { response_example: 'mock' } } });
  expect((await get('/mock', 1))[0]?.body).toBe('mock');
  const refusing = {
    'uri-blocker': { block_rules: ['bad'] },
    'ua-restriction': { denylist: ['bot'], bypass_missing: true },
  };
  await put('routes/refuse', routeWith('/refuse', { ...refusing, 'ip-restriction': { whitelist: ['127.0.0.1'] } }));
  expect(counted(await get('/refuse', 2))).toEqual({ 200: 2 });
  expect(counted(await get('/refuse?bad', 2))).toEqual({ 403: 2 });
  expect(counted(await get('/refuse', 2, { 'user-agent': 'bot' }))).toEqual({ 403: 2 });
  await put('routes/fault', routeWith('/fault', { 'fault-injection': { abort: { http_status: 418 } } }));
  expect(counted(await get('/fault', 2))).toEqual({ 418: 2 });
  await put('routes/vars', { ...routeWith('/fault', {}), priority: 1, vars: [['http_x_pass', '==', 'yes']] });
  expect(counted(await get('/fault', 2, { 'x-pass': 'yes' }))).toEqual({ 200: 2 });
  await put('routes/addr', { ...routeWith('/fault', {}), priority: 2, remote_addrs: ['10.0.0.0/8'] });
  expect(counted(await get('/fault', 2))).toEqual({ 418: 2 });
});

test('balancers, checks and rooms are taken from etcd', async () => {
  const [host = '', port = ''] = echo.node.split(':');
  const nodes = [
    { host, port: Number(port), weight: 1, metadata: { room: 'a' } },
    { host, port: 1, weight: 1, metadata: { room: 'b' } },
  ];
  for (const type of ['roundrobin', 'chash', 'least_conn', 'ewma']) {
    await put('routes/room', { uri: '/room', upstream: { type, nodes, key: 'remote_addr' } });
    expect(counted(await get('/room', 10))).toEqual({ 200: 10 });
  }
  const active = { type: 'tcp', healthy: { interval: 1 }, unhealthy: { interval: 1, tcp_failures: 1 } };
  const alike = nodes.map(({ metadata: _metadata, ...node }) => node);
  await put('routes/check', { uri: '/check', upstream: { nodes: alike, retries: 0, checks: { active } } });
  await until(async () => counted(await get('/check', 10))['502'] === undefined, 'the dead node is out of use');
  await expect.poll(gateway.log).toContain('is unhealthy');
});

test('/v1/routes tells what a worker has in force, page by page; bad questions are refused', async () => {
  const page = async (
    query: string,
  ): Promise<{ status: number; body: { total: number; worker: number; list: { id: string }[] } }> => {
    const answer = await fetch(new URL(`/v1/routes${query}`, gateway.status));
    return { status: answer.status, body: (await answer.json()) as never };
  };
  const told = { methods: ['GET'], priority: 3, name: 'for all to see', labels: { team: 'blue', build: '16' } };
  await put('routes/seen', { ...routeWith('/seen', { cors: {} }), host: 'Seen.com', ...told });
  for (const { id } of await gateway.workers()) {
    const { body } = await page(`?worker=${id}&page_size=1000`);
    expect(body.worker).toBe(id);
    const seen = { id: 'seen', hosts: ['seen.com'], plugins: ['cors'], ...told };
    expect(body.list).toContainEqual(expect.objectContaining(seen));
    expect(body.list).toHaveLength(body.total);
  }
  expect((await page('?page_size=2&page=1')).body.list).toHaveLength(2);
  for (const bad of ['?page=0', '?page_size=x', '?worker=99']) expect((await page(bad)).status).toBe(400);
});

test('/v1/profile is a CPU profile of a worker under load, one at a time', async () => {
  const busy = new AbortController();
  const loading = (async () => {
    while (!busy.signal.aborted) await get('/mock', 4);
  })();
  const url = new URL('/v1/profile?seconds=1', gateway.status);
  const [first, second] = await Promise.all([fetch(url), fetch(url)]);
  busy.abort();
  await loading;
  expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
  const profile = (await (first.ok ? first : second).json()) as {
    nodes: { callFrame: { url: string } }[];
    samples: unknown[];
  };
  expect(profile.samples.length).toBeGreaterThan(100);
  expect(profile.nodes.some(({ callFrame }) => callFrame.url.endsWith('/routing/router.ts'))).toBe(true);
  expect((await fetch(new URL('/v1/profile?seconds=600', gateway.status))).status).toBe(400);
});

test('prometheus counts by route only where it is asked for', async () => {
  await put('routes/prom', routeWith('/prom', { prometheus: {} }));
  await put('routes/named', { ...routeWith('/named', { prometheus: { prefer_name: true } }), name: 'by name' });
  await put('routes/nameless', routeWith('/nameless', { prometheus: { prefer_name: true } }));
  await Promise.all([get('/prom', 5), get('/named', 3), get('/nameless', 2)]);
  const text = await gateway.metrics();
  expect(text).toMatch(/gateway_http_status\{code="200",route="prom",consumer=""\} 5/);
  expect(text).toMatch(/gateway_http_status\{code="200",route="by name",consumer=""\} 3/);
  expect(text).toMatch(/gateway_http_status\{code="200",route="nameless",consumer=""\} 2/);
  expect(text).toMatch(/gateway_http_latency_seconds_count\{type="upstream",route="prom"\} 5/);
  expect(text).not.toMatch(/route="mock"/);
  expect(text).toMatch(/gateway_nodejs_eventloop_lag_p99_seconds/);
});

test('prometheus counts by consumer, its buckets add up over both workers, and asking changes nothing', async () => {
  await put('consumers/meter', { username: 'meter', plugins: { 'key-auth': { key: 'meters' } } });
  await put('routes/metered', routeWith('/metered', { prometheus: {}, 'key-auth': {} }));
  await get('/metered', 6, { apikey: 'meters' });
  await get('/metered', 3);
  await gateway.metrics();
  const text = await gateway.metrics();
  expect(text).toMatch(/^gateway_http_status\{code="200",route="metered",consumer="meter"\} 6$/m);
  expect(text).toMatch(/^gateway_http_status\{code="401",route="metered",consumer=""\} 3$/m);
  expect(text).toMatch(/^# TYPE gateway_http_latency_seconds histogram$/m);
  for (const [type, answers] of [
    ['request', 9],
    ['upstream', 6],
  ] as const) {
    const series = `type="${type}",route="metered"`;
    const buckets = [...text.matchAll(new RegExp(`_bucket\\{le="([^"]+)",${series}\\} (\\d+)$`, 'gm'))];
    const counts = buckets.map(([, , count]) => Number(count));
    expect(buckets.map(([, le]) => le)).toEqual(expect.arrayContaining(['0.001', '60', '+Inf']));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(counts.at(-1)).toBe(answers);
    expect(text).toMatch(new RegExp(`^gateway_http_latency_seconds_count\\{${series}\\} ${answers}$`, 'm'));
    const sum = new RegExp(`^gateway_http_latency_seconds_sum\\{${series}\\} (.+)$`, 'm').exec(text)?.[1];
    expect(Number(sum)).toBeGreaterThan(0);
  }
});
