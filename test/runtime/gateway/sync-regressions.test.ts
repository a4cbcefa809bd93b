/** Faults that other gateways shipped in how they follow etcd, each tried on a real gateway before a real etcd. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { type LinkedEtcd, startLink, startLinkedEtcd } from '../../support/link.ts';

let world: LinkedEtcd;
let echo: EchoUpstream;
beforeAll(async () => {
  [world, echo] = await Promise.all([startLinkedEtcd(), startEcho()]);
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 30_000, interval: 20 };
let tests = 0;
const freshPrefix = (): string => `/known-${tests++}`;

async function put(key: string, value: string): Promise<bigint> {
  return BigInt((await world.direct.put(key).value(value)).header.revision);
}

async function started(prefix: string, more: Partial<Parameters<typeof startGateway>[0]> = {}): Promise<TestGateway> {
  const gateway = await startGateway({ etcd: world.link.address, prefix, ...more });
  await until(() => gateway.ready(), 'the gateway is ready').catch(async (error: unknown) => {
    // One that is left behind asks for its etcd for ever.
    await gateway[Symbol.asyncDispose]();
    throw error;
  });
  return gateway;
}

async function compact(): Promise<void> {
  const { header } = await world.direct.put('/elsewhere/mark').value('x').exec();
  await world.direct.kv.compact({ revision: header.revision, physical: true });
}

const global = JSON.stringify({ plugins: { 'response-rewrite': { headers: { set: { 'X-Global': 'yes' } } } } });

async function hasGlobal(gateway: TestGateway): Promise<boolean> {
  return (await fetch(new URL('/a', gateway.traffic))).headers.get('x-global') === 'yes';
}

test('an idle prefix beside a busy one: compaction at the newest revision costs no full read and takes nothing away', async () => {
  // apache/apisix#12514 and #8736.
  const prefix = freshPrefix();
  await put(`${prefix}/routes/a`, routeTo(echo, '/a', 1));
  await put(`${prefix}/global_rules/g`, global);
  await using gateway = await started(prefix, { watchTimeoutMs: 500 });
  for (let round = 0; round < 4; round++) {
    const { watchesCreated } = (await world.link.counters()).grpc;
    for (let count = 0; count < 50; count++) await put(`/elsewhere/${count}`, String(round));
    await compact();
    // Either the watch is opened again behind what was compacted, or progress has moved it on.
    await world.link.inject({ kind: 'watch.cut' }, 1);
    await expect
      .poll(async () => (await world.link.counters()).grpc.watchesCreated, within)
      .toBeGreaterThan(watchesCreated);
    expect(await gateway.get('/a')).toBe('200 /seq/1');
    expect(await hasGlobal(gateway)).toBe(true);
  }
  await put(`${prefix}/routes/a`, routeTo(echo, '/a', 2));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/2');
  expect(await gateway.metric('gateway_config_relists_total')).toBeLessThanOrEqual(5);
});

test('what was refused keeps its last good value through a full read that has nothing to do with it', async () => {
  // apache/apisix#13717: the incremental path kept it, the full one dropped it.
  const prefix = freshPrefix();
  await put(`${prefix}/routes/a`, routeTo(echo, '/a', 1));
  await put(`${prefix}/global_rules/g`, global);
  await using gateway = await started(prefix, { watchTimeoutMs: 500 });
  await put(`${prefix}/routes/a`, '{"uri":null}');
  const revision = await put(`${prefix}/global_rules/g`, '{"plugins":null}');
  await until(async () => BigInt((await gateway.workers())[0]?.revision ?? 0) >= revision, 'both are read');
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put(`${prefix}/routes/b`, routeTo(echo, '/b', 2));
  await compact();
  await world.link.heal();
  await expect.poll(() => gateway.get('/b'), within).toBe('200 /seq/2');
  expect(await gateway.metric('gateway_config_relists_total')).toBe(2);
  expect([await gateway.get('/a'), await hasGlobal(gateway)]).toEqual(['200 /seq/1', true]);
});

test('bad items among two hundred: the others are there after a cold start, and the cure needs no restart', async () => {
  // apache/apisix#6387, envoyproxy/gateway#5147, kgateway-dev/kgateway#14264.
  const prefix = freshPrefix();
  const bad = [
    '{"uri":"/x","upstream_id":1,"plugins":{"proxy-rewrite":{"regex_uri":["^/user/(*)","/"]}}}',
    '{"uri":"/x","upstream_id":1,"vars":[["arg_a","~~","("]]}',
    '{"uri":"/x","upstream_id":1,"remote_addr":"10.0.0.0/99"}',
    '{"uri":"/x","upstream_id":1,"host":null}',
    '{}',
    'null',
  ];
  for (let index = 0; index < 200; index++) {
    // Every tenth is bad, as long as there are bad ones.
    await put(`${prefix}/routes/${index}`, bad[index / 10] ?? routeTo(echo, `/r/${index}`, index));
  }
  await using gateway = await started(prefix, { workers: 2 });
  for (const { routes, rejected } of await gateway.workers()) {
    expect([routes, Object.keys(rejected).length]).toEqual([200 - bad.length, bad.length]);
  }
  expect([await gateway.get('/r/0'), await gateway.get('/r/199')]).toEqual([
    expect.stringMatching(/^404/),
    '200 /seq/199',
  ]);
  for (let index = 0; index < bad.length; index++) {
    await put(`${prefix}/routes/${index * 10}`, routeTo(echo, `/r/${index * 10}`, index));
  }
  await expect.poll(async () => (await gateway.workers()).map(({ routes }) => routes), within).toEqual([200, 200]);
  await expect.poll(async () => (await gateway.workers()).map(({ rejected }) => rejected), within).toEqual([{}, {}]);
});

test('the same value again costs no change of the table', async () => {
  // apache/apisix#9157 and its like: a rebuild for every event.
  const prefix = freshPrefix();
  await put(`${prefix}/routes/a`, routeTo(echo, '/a', 1));
  await using gateway = await started(prefix);
  const before = await gateway.metric('gateway_config_changes_total');
  let revision = 0n;
  for (let count = 0; count < 50; count++) revision = await put(`${prefix}/routes/a`, routeTo(echo, '/a', 1));
  await until(async () => BigInt((await gateway.workers())[0]?.revision ?? 0) >= revision, 'all are read');
  expect(await gateway.metric('gateway_config_changes_total')).toBe(before);
});

test('a worker opens one watch, however many kinds of objects there are, and writes nothing', async () => {
  // apache/apisix#7132; traefik/traefik#1965.
  const prefix = freshPrefix();
  for (const kind of ['routes', 'upstreams', 'services']) await put(`${prefix}/${kind}/x`, routeTo(echo, '/a', 1));
  const revision = await put(`${prefix}/routes/a`, routeTo(echo, '/a', 1));
  // Of its own: workers of the test before may still be on their way out.
  await using own = await startLink(world.etcd.url);
  await using gateway = await started(prefix, { etcd: own.link.address, workers: 2 });
  await expect
    .poll(async () => (await gateway.workers()).every(({ syncState }) => syncState === 'watching'), within)
    .toBe(true);
  for (let count = 0; count < 20; count++) expect(await gateway.get('/a')).toBe('200 /seq/1');
  expect((await own.link.counters()).grpc.watchesCreated).toBe(2);
  expect(BigInt((await world.direct.get('/none').exec()).header.revision)).toBe(revision);
});

test.each([
  ['the route first', ['routes', 'services', 'upstreams']],
  ['the upstream first', ['upstreams', 'services', 'routes']],
])('%s: once all are written all is well, on every worker', async (_order, kinds) => {
  // istio/istio#30437.
  const prefix = freshPrefix();
  const values: Readonly<Record<string, object>> = {
    routes: { uri: '/pair', service_id: 's' },
    services: { upstream_id: 's' },
    upstreams: { nodes: { [echo.node]: 1 } },
  };
  await using gateway = await started(prefix, { workers: 2 });
  let revision = 0n;
  for (const kind of kinds) revision = await put(`${prefix}/${kind}/s`, JSON.stringify(values[kind]));
  const reached = async (): Promise<boolean> =>
    (await gateway.workers()).every((worker) => BigInt(worker.revision) >= revision);
  await until(reached, 'both workers have it');
  for (let count = 0; count < 20; count++) expect(await gateway.get('/pair')).toBe('200 /pair');
});
