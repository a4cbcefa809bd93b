import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCutProxy } from '../../support/cut-proxy.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { startFollower } from '../../support/follower.ts';

let etcd: TestEtcd;
let direct: Etcd3;
beforeAll(async () => {
  etcd = await startEtcd();
  direct = new Etcd3({ hosts: etcd.url.origin });
});
afterAll(async () => {
  direct.close();
  await etcd[Symbol.asyncDispose]();
});

const within = { timeout: 20_000, interval: 10 };
let tests = 0;
const freshPrefix = (): string => `/recovery-${tests++}`;
const route = (seq: number): string => JSON.stringify({ uri: `/seq/${seq}`, upstream_id: 'u' });
const put = async (key: string | Buffer, seq: number): Promise<string> =>
  (await direct.put(key).value(route(seq)).exec()).header.revision;

test('a backlog that is cut in the middle of its delivery arrives whole', async () => {
  const prefix = freshPrefix();
  await using proxy = await startCutProxy(etcd.url);
  let cuts = 0;
  const onApplied = (items: readonly unknown[]): void => {
    if (items.length > 100 && cuts++ < 2) proxy.cut();
  };
  await using follower = startFollower({ etcd: proxy.url, prefix, onApplied });
  await expect.poll(() => follower.states.some(({ state }) => state === 'watching'), within).toBe(true);
  proxy.refuse(true);
  proxy.cut();
  for (let start = 0; start < 3_000; start += 200) {
    await Promise.all(Array.from({ length: 200 }, (_, i) => put(`${prefix}/routes/${start + i}`, start + i)));
  }
  proxy.refuse(false);
  await expect.poll(() => follower.table.size, within).toBe(3_000);
  expect(cuts).toBeGreaterThan(0);
  expect(follower.relists).toBe(1);
}, 60_000);

test('a connection that died without a word is noticed by keepalive, long before the watch times out', async () => {
  const prefix = freshPrefix();
  await using proxy = await startCutProxy(etcd.url);
  await using follower = startFollower({ etcd: proxy.url, prefix, watchTimeoutMs: 600_000 });
  await put(`${prefix}/routes/a`, 1);
  await expect.poll(() => follower.table.get('route/a'), within).toContain('/seq/1');
  proxy.blackhole();
  await put(`${prefix}/routes/a`, 2);
  await expect.poll(() => follower.table.get('route/a'), within).toContain('/seq/2');
  expect(follower.ends).toEqual(['ended']);
  expect(follower.relists).toBe(1);
});

test('an etcd that is not there is tried again at once, then less and less often', async () => {
  await using proxy = await startCutProxy(etcd.url);
  proxy.refuse(true);
  await using follower = startFollower({ etcd: proxy.url, prefix: freshPrefix() });
  const tries = (): readonly number[] => follower.states.filter(({ state }) => state === 'listing').map(({ at }) => at);
  await expect.poll(() => tries().length, within).toBeGreaterThanOrEqual(8);
  const [first = 0, , , , , , , eighth = 0] = tries();
  // The shortest that seven jittered waits can be; trying at full speed would take a fraction of it.
  expect(eighth - first).toBeGreaterThan(25 + 50 + 100 + 200 + 400 + 500);
  proxy.refuse(false);
  await expect.poll(() => follower.relists, within).toBe(1);
});

test('keys that are no text, at the end of a page too, neither stop the listing nor hide another', async () => {
  const prefix = freshPrefix();
  const hostile = (byte: number): Buffer => Buffer.concat([Buffer.from(`${prefix}/routes/`), Buffer.of(byte)]);
  await Promise.all(Array.from({ length: 499 }, (_, i) => put(`${prefix}/routes/${1_000 + i}`, i)));
  await put(hostile(0x80), 1);
  // As text 0x80 would be U+FFFD, whose bytes are greater than this one: the next page would begin behind it.
  await put(hostile(0x81), 2);
  await put(`${prefix}/upstreams/behind`, 0);
  await using follower = startFollower({ etcd: etcd.url, prefix });
  await expect.poll(() => follower.relists, within).toBe(1);
  expect(follower.table.size).toBe(501);
  await direct.delete().key(hostile(0x80));
  await expect.poll(() => follower.table.size, within).toBe(500);
});

test('an etcd that was wiped and filled anew: the same revision with another value is another value', async () => {
  await using own = await startEtcd();
  const client = new Etcd3({ hosts: own.url.origin });
  const write = async (key: string, seq: number): Promise<string> =>
    (await client.put(`/apisix/routes/${key}`).value(route(seq)).exec()).header.revision;
  const before = await write('a', 1);
  for (let seq = 2; seq < 6; seq++) await write('b', seq);
  await using proxy = await startCutProxy(own.url);
  await using follower = startFollower({ etcd: proxy.url, prefix: '/apisix' });
  await expect.poll(() => follower.table.size, within).toBe(2);
  proxy.refuse(true);
  await own.restart('wipe');
  expect(await write('a', 100)).toBe(before);
  proxy.refuse(false);
  await expect.poll(() => follower.table.get('route/a'), within).toContain('/seq/100');
  expect(follower.table.size).toBe(1);
  client.close();
});
