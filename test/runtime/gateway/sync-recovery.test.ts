/** A gateway process that loses its etcd in ways that no client of etcd is told of, or that come at a bad moment. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import {
  type EchoUpstream,
  type GatewayOptions,
  type TestGateway,
  routeTo,
  startEcho,
  startGateway,
} from '../../support/gateway.ts';
import { until } from '../../support/http.ts';

let etcd: TestEtcd;
let echo: EchoUpstream;
let direct: Etcd3;
beforeAll(async () => {
  [etcd, echo] = await Promise.all([startEtcd(), startEcho()]);
  direct = new Etcd3({ hosts: etcd.url.origin });
});
afterAll(async () => {
  direct.close();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const within = { timeout: 30_000, interval: 10 };
let tests = 0;
const freshPrefix = (): string => `/recovery-${tests++}`;
const put = async (key: string | Buffer, seq: number): Promise<string> =>
  (
    await direct
      .put(key)
      .value(routeTo(echo, `/r/${seq}`, seq))
      .exec()
  ).header.revision;

async function started(options: GatewayOptions): Promise<TestGateway> {
  const gateway = await startGateway(options);
  await until(() => gateway.ready(), 'the gateway is ready').catch(async (error: unknown) => {
    // One that is left behind asks for its etcd for ever.
    await gateway[Symbol.asyncDispose]();
    throw error;
  });
  return gateway;
}

const routesOf = async (gateway: TestGateway): Promise<number | undefined> => (await gateway.workers())[0]?.routes;

test('a backlog that is cut in the middle of its delivery arrives whole', async () => {
  const prefix = freshPrefix();
  await using proxy = await startCutProxy(etcd.url);
  await using gateway = await started({ etcd: proxy.url, prefix });
  proxy.refuse(true);
  proxy.cut();
  for (let start = 0; start < 3_000; start += 200) {
    await Promise.all(Array.from({ length: 200 }, (_, i) => put(`${prefix}/routes/${start + i}`, start + i)));
  }
  // In the middle of the second of three messages: etcd sends a thousand revisions in each.
  const cut = proxy.cutAfter(450_000);
  proxy.refuse(false);
  await cut;
  proxy.refuse(true);
  await expect.poll(async () => (await gateway.workers())[0]?.syncState, within).toBe('waiting');
  const halfway = await routesOf(gateway);
  expect(halfway).toBeGreaterThan(0);
  expect(halfway).toBeLessThan(3_000);
  proxy.refuse(false);
  await expect.poll(() => routesOf(gateway), within).toBe(3_000);
  expect(await gateway.metric('gateway_config_relists_total')).toBe(1);
});

test('a connection that died without a word is noticed by keepalive, long before the watch times out', async () => {
  const prefix = freshPrefix();
  await using proxy = await startCutProxy(etcd.url);
  await using gateway = await started({ etcd: proxy.url, prefix, watchTimeoutMs: 600_000 });
  await put(`${prefix}/routes/a`, 1);
  await expect.poll(() => gateway.get('/r/1'), within).toBe('200 /seq/1');
  proxy.blackhole();
  await put(`${prefix}/routes/a`, 2);
  await expect.poll(() => gateway.get('/r/2'), within).toBe('200 /seq/2');
  expect(await gateway.metric('gateway_watch_ends_total{reason="silent"}')).toBe(0);
  expect(await gateway.metric('gateway_config_relists_total')).toBe(1);
});

test('an etcd that is not there is tried again at once, then less and less often', async () => {
  await using proxy = await startCutProxy(etcd.url);
  proxy.refuse(true);
  await using gateway = await startGateway({ etcd: proxy.url, prefix: freshPrefix() });
  await expect.poll(() => proxy.refusedAt.length, within).toBeGreaterThanOrEqual(8);
  const [first = 0, second = Infinity, third = Infinity, , , , , eighth = 0] = proxy.refusedAt;
  // The shortest that seven jittered waits can be; trying at full speed would take a fraction of it.
  expect(eighth - first).toBeGreaterThan(25 + 50 + 100 + 200 + 400 + 500);
  // Both waits are meant to be shorter than a tenth of a second; a busy host may make one of them longer.
  expect(Math.min(second - first, third - second)).toBeLessThan(500);
  expect(await gateway.ready()).toBe(false);
  proxy.refuse(false);
  await expect.poll(() => gateway.ready(), within).toBe(true);
});

test('keys that are no text, at the end of a page too, neither stop the listing nor hide another', async () => {
  const prefix = freshPrefix();
  const hostile = (byte: number): Buffer => Buffer.concat([Buffer.from(`${prefix}/routes/`), Buffer.of(byte)]);
  await Promise.all(Array.from({ length: 498 }, (_, i) => put(`${prefix}/routes/${1_000 + i}`, i)));
  await direct.put(`${prefix}/routes/behind`).value('{"uri":"/behind","upstream_id":"behind"}');
  await put(hostile(0x80), 1);
  // As text 0x80 would be U+FFFD, whose bytes are greater than this one: the next page would begin behind it.
  await put(hostile(0x81), 2);
  await direct.put(`${prefix}/upstreams/behind`).value(JSON.stringify({ nodes: { [echo.node]: 1 } }));
  await using gateway = await started({ etcd: etcd.url, prefix });
  expect([await routesOf(gateway), await gateway.get('/behind')]).toEqual([501, '200 /behind']);
  await direct.delete().key(hostile(0x80));
  await expect.poll(() => routesOf(gateway), within).toBe(500);
});

test('an etcd that was wiped and filled anew: the same revision with another value is another value', async () => {
  await using own = await startEtcd();
  const client = new Etcd3({ hosts: own.url.origin });
  const write = async (key: string, seq: number): Promise<string> =>
    (
      await client
        .put(`/apisix/routes/${key}`)
        .value(routeTo(echo, `/${key}`, seq))
        .exec()
    ).header.revision;
  const before = await write('a', 1);
  for (let seq = 2; seq < 6; seq++) await write('b', seq);
  await using proxy = await startCutProxy(own.url);
  await using gateway = await started({ etcd: proxy.url });
  expect([await gateway.get('/a'), await gateway.get('/b')]).toEqual(['200 /seq/1', '200 /seq/5']);
  proxy.refuse(true);
  await own.restart('wipe');
  expect(await write('a', 100)).toBe(before);
  proxy.refuse(false);
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/100');
  expect([...(await gateway.routes()).keys()]).toEqual(['a']);
  client.close();
});
