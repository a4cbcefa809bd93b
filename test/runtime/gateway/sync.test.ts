import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type EchoUpstream, type TestGateway, startEcho, startGateway, routeTo } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { type LinkedEtcd, startLinkedEtcd } from '../../support/link.ts';

let world: LinkedEtcd;
let echo: EchoUpstream;
beforeAll(async () => {
  world = await startLinkedEtcd();
  echo = await startEcho();
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 60_000, interval: 20 };
let tests = 0;
const freshPrefix = (): string => `/sync-${tests++}`;
const route = (path: string, seq: number): string => routeTo(echo, path, seq);
const put = async (key: string, value: string): Promise<void> => void (await world.direct.put(key).value(value));

test('more routes than one page are all there before it is ready; a neighbour prefix is not read', async () => {
  const prefix = freshPrefix();
  await put(`${prefix}/routes/`, 'init_dir');
  await put(`${prefix}3/routes/stranger`, route('/stranger', 9));
  for (let start = 0; start < 1_200; start += 100) {
    const puts = Array.from({ length: 100 }, (_, i) =>
      world.direct.put(`${prefix}/routes/${start + i}`).value(route(`/r/${start + i}`, start + i)),
    );
    await world.direct
      .if('\0', 'Create', '==', 0)
      .then(...puts)
      .commit();
  }
  await using gateway = await startGateway({ etcd: world.link.address, prefix, workers: 2 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  expect((await gateway.workers()).map(({ routes, rejected }) => [routes, rejected])).toEqual([
    [1_200, {}],
    [1_200, {}],
  ]);
  expect(await gateway.get('/r/1199')).toBe('200 /seq/1199');
  expect(await gateway.get('/stranger')).toMatch(/^404/);
});

test('puts, updates and deletes are followed; an upstream object may come later than its route', async () => {
  const prefix = freshPrefix();
  await using gateway = await startGateway({ etcd: world.link.address, prefix });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await put(`${prefix}/routes/a`, route('/a', 1));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/1');
  await put(`${prefix}/routes/a`, route('/a', 2));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/2');
  await world.direct.delete().key(`${prefix}/routes/a`);
  await expect.poll(() => gateway.get('/a'), within).toMatch(/^404/);
  await put(`${prefix}/routes/b`, JSON.stringify({ uri: '/b', upstream_id: 'late' }));
  await expect.poll(() => gateway.get('/b'), within).toMatch(/^502/);
  await put(
    `${prefix}/upstreams/late`,
    JSON.stringify({ nodes: [{ host: '127.0.0.1', port: Number(echo.node.split(':')[1]), weight: 1 }] }),
  );
  await expect.poll(() => gateway.get('/b'), within).toBe('200 /b');
});

describe('poison', () => {
  const prefix = freshPrefix();
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ etcd: world.link.address, prefix });
    await until(() => gateway.ready(), 'the gateway is ready');
  });
  afterAll(() => gateway[Symbol.asyncDispose]());
  // Of one gateway for all of them: each case has what the one before it has not seen.
  afterEach(async () => {
    await world.direct.delete().prefix(`${prefix}/routes/`);
    await until(async () => (await gateway.routes()).size === 0, 'the gateway has no route');
  });

  test.each<[string, string, RegExp]>([
    ['null', 'null', /object/],
    ['a null in the match section', '{"uri":null,"upstream":{"nodes":{"127.0.0.1:1":1}}}', /\/uri/],
    ['a wrong type', '{"uri":7}', /\/uri/],
    ['an unknown field', '{"uri":"/x","colour":"red"}', /colour/],
    ['a bad regex', '{"uri":"/x","plugins":{"proxy-rewrite":{"regex_uri":["(","/"]}}}', /regex_uri/],
    ['truncated JSON', '{"uri":"/x"', /JSON/],
    ['an empty object', '{}', /./],
    ['more than a mebibyte', JSON.stringify({ uri: '/x', desc: 'd'.repeat(1_200_000) }), /bytes/],
  ])(
    'a poison route (%s) is skipped and reported, the old value and all others stay',
    async (_case, poison, reason) => {
      await put(`${prefix}/routes/victim`, route('/victim', 1));
      await expect.poll(() => gateway.get('/victim'), within).toBe('200 /seq/1');
      // One transaction: what is valid in it counts, on both sides of the poison.
      await world.direct
        .if('\0', 'Create', '==', 0)
        .then(
          world.direct.put(`${prefix}/routes/a`).value(route('/a', 2)),
          world.direct.put(`${prefix}/routes/victim`).value(poison),
          world.direct.put(`${prefix}/routes/z`).value(route('/z', 3)),
        )
        .commit();
      await expect.poll(() => gateway.get('/z'), within).toBe('200 /seq/3');
      expect([await gateway.get('/a'), await gateway.get('/victim')]).toEqual(['200 /seq/2', '200 /seq/1']);
      const [worker] = await gateway.workers();
      expect(worker?.rejected[`${prefix}/routes/victim`]).toMatch(reason);
      await put(`${prefix}/routes/victim`, route('/victim', 4));
      await expect.poll(() => gateway.get('/victim'), within).toBe('200 /seq/4');
      await expect.poll(async () => (await gateway.workers())[0]?.rejected, within).toEqual({});
    },
  );
});

test('a silent watch is opened again at the same revision: nothing written meanwhile is lost', async () => {
  const prefix = freshPrefix();
  await using gateway = await startGateway({ etcd: world.link.address, prefix, watchTimeoutMs: 500 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await put(`${prefix}/routes/before`, route('/before', 1));
  await expect.poll(() => gateway.get('/before'), within).toBe('200 /seq/1');
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put(`${prefix}/routes/during`, route('/during', 2));
  const { watchesCreated } = (await world.link.counters()).grpc;
  await expect
    .poll(async () => (await world.link.counters()).grpc.watchesCreated, within)
    .toBeGreaterThan(watchesCreated + 1);
  expect(await gateway.get('/during')).toMatch(/^404/);
  await world.link.heal();
  await expect.poll(() => gateway.get('/during'), within).toBe('200 /seq/2');
});

test('the known-bad build watch-advance-on-timeout loses that write, says nothing and serves later ones', async () => {
  const prefix = freshPrefix();
  await using gateway = await startGateway({
    etcd: world.link.address,
    prefix,
    watchTimeoutMs: 500,
    mutants: 'watch-advance-on-timeout',
  });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  // Again and again: what is written while its watch times out is lost to this build, stall or no stall.
  const served = (name: string, seq: number): Promise<void> =>
    expect
      .poll(async () => {
        await put(`${prefix}/routes/${name}`, route(`/${name}`, seq));
        return gateway.get(`/${name}`);
      }, within)
      .toBe(`200 /seq/${seq}`);
  await served('before', 1);
  const lines = gateway.log().split('\n').length;
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put(`${prefix}/routes/during`, route('/during', 2));
  const { watchesCreated } = (await world.link.counters()).grpc;
  await expect
    .poll(async () => (await world.link.counters()).grpc.watchesCreated, within)
    .toBeGreaterThan(watchesCreated + 1);
  await world.link.heal();
  await served('after', 3);
  expect(await gateway.get('/during')).toMatch(/^404/);
  expect(gateway.log().split('\n').length).toBe(lines);
});

test('the known-bad build drop-config-on-disconnect answers 404 while a clean one keeps serving', async () => {
  const prefix = freshPrefix();
  await put(`${prefix}/routes/a`, route('/a', 1));
  await using clean = await startGateway({ etcd: world.link.address, prefix });
  await using dropping = await startGateway({ etcd: world.link.address, prefix, mutants: 'drop-config-on-disconnect' });
  await expect.poll(() => clean.ready(), within).toBe(true);
  await expect.poll(() => dropping.ready(), within).toBe(true);
  // The table is empty until the next full read, which has to wait: else that may be over before anybody looks.
  await world.link.inject({ kind: 'unary.refuse' }, 1);
  await world.link.inject({ kind: 'watch.cut' }, 2);
  await expect.poll(() => dropping.get('/a'), within).toMatch(/^404/);
  expect(await clean.get('/a')).toBe('200 /seq/1');
  await world.link.heal();
  await expect.poll(() => dropping.get('/a'), within).toBe('200 /seq/1');
  expect(await clean.get('/a')).toBe('200 /seq/1');
});
