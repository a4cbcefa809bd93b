import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultCounters } from '../../../harness/model/etcd-link.ts';
import { type LinkedEtcd, startLinkedEtcd, watchPrefix } from '../../support/link.ts';

let world: LinkedEtcd;
beforeAll(async () => {
  // The pings of a test are more than etcd would bear.
  world = await startLinkedEtcd({ etcd: { args: ['--grpc-keepalive-min-time=10ms'] } });
});
afterAll(() => world[Symbol.asyncDispose]());

const within = { timeout: 30_000, interval: 10 };
let tests = 0;
const silent = { kind: 'watch.stall', mode: 'dead' } as const;
const held = { kind: 'watch.stall', mode: 'hold' } as const;
const struck = async (): Promise<FaultCounters | undefined> => (await world.link.counters()).faults[0];
const freshPrefix = (): string => `/test-${tests++}/`;

async function put(prefix: string, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) await world.direct.put(`${prefix}${index}`).value('x'.repeat(100));
}
const keys = (prefix: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, index) => `${prefix}${from + index}`);

test('without a fault, 2000 events pass in order and a range of several MiB passes whole', async () => {
  const prefix = freshPrefix();
  using watch = watchPrefix(world.link.address, prefix);
  await expect.poll(() => watch.created, within).toBe(1);
  await Promise.all(Array.from({ length: 2_000 }, (_, index) => world.direct.put(`${prefix}${index}`).value('v')));
  await expect.poll(() => watch.keys.length, { ...within, timeout: 60_000 }).toBe(2_000);
  const { kvs } = await world.direct.getAll().prefix(prefix).exec();
  const byRevision = kvs
    .toSorted((a, b) => Number(a.mod_revision) - Number(b.mod_revision))
    .map(({ key }) => key.toString());
  expect(watch.keys).toEqual(byRevision);
  for (let index = 0; index < 3; index++) await world.direct.put(`${prefix}big${index}`).value('b'.repeat(1_048_576));
  const big = await world.linked.getAll().prefix(`${prefix}big`).strings();
  expect(Object.values(big).map(({ length }) => length)).toEqual([1_048_576, 1_048_576, 1_048_576]);
});

test('a dead stall lets headers and created pass, swallows events, leaves unary calls alone and stays mute after the heal', async () => {
  const prefix = freshPrefix();
  using before = watchPrefix(world.link.address, prefix);
  await expect.poll(() => before.created, within).toBe(1);
  await put(prefix, 0, 1);
  await expect.poll(() => before.keys, within).toEqual(keys(prefix, 0, 1));
  const { header } = await world.direct.getAll().prefix(prefix).exec();
  await world.link.inject(silent, 1);
  using during = watchPrefix(world.link.address, prefix, Number(header.revision) + 1);
  await expect.poll(() => during.created, within).toBe(1);
  await put(prefix, 1, 4);
  await world.linked.put(`${prefix}unary`).value('lives');
  expect(await world.linked.get(`${prefix}unary`).string()).toBe('lives');
  await expect.poll(async () => (await struck())?.bytes, within).toBeGreaterThan(0);
  await expect.poll(async () => (await struck())?.open, within).toBe(2);
  await world.link.heal();
  await put(prefix, 4, 5);
  using after = watchPrefix(world.link.address, prefix, Number(header.revision) + 1);
  await expect.poll(() => after.keys.at(-1), within).toBe(`${prefix}4`);
  expect(after.keys).toEqual([...keys(prefix, 1, 4), `${prefix}unary`, `${prefix}4`]);
  expect(before.keys).toEqual(keys(prefix, 0, 1));
  expect(during.keys).toEqual([]);
  expect([before.ended, during.ended]).toEqual([undefined, undefined]);
});

test('a held stall delivers everything in order at the heal', async () => {
  const prefix = freshPrefix();
  using watch = watchPrefix(world.link.address, prefix);
  await expect.poll(() => watch.created, within).toBe(1);
  await world.link.inject(held, 1);
  await put(prefix, 0, 30);
  await expect.poll(async () => (await struck())?.units, within).toBeGreaterThan(0);
  expect(watch.keys).toEqual([]);
  await world.link.heal();
  await put(prefix, 30, 32);
  await expect.poll(() => watch.keys.length, within).toBe(32);
  expect(watch.keys).toEqual(keys(prefix, 0, 32));
});

test('a cut ends every watch as an etcd that goes away does, and nothing else', async () => {
  const prefix = freshPrefix();
  using one = watchPrefix(world.link.address, prefix);
  using two = watchPrefix(world.link.address, prefix);
  await expect.poll(() => one.created + two.created, within).toBe(2);
  const { connections } = (await world.link.counters()).grpc;
  await world.link.inject({ kind: 'watch.cut' }, 1);
  const unavailable = 14;
  await expect.poll(() => [one.ended, two.ended], within).toEqual([unavailable, unavailable]);
  expect((await struck())?.units).toBeGreaterThanOrEqual(2);
  await world.linked.put(`${prefix}after`).value('cut');
  expect((await world.link.counters()).grpc.connections - connections).toBeLessThanOrEqual(1);
  using again = watchPrefix(world.link.address, prefix);
  await expect.poll(() => again.created, within).toBe(1);
  await world.link.heal();
});

test('a muted connection still answers pings, so that only the watch is silent', async () => {
  const prefix = freshPrefix();
  const pinging = { 'grpc.keepalive_time_ms': 200, 'grpc.keepalive_timeout_ms': 2_000 };
  using watch = watchPrefix(world.link.address, prefix, 0, pinging);
  await expect.poll(() => watch.created, within).toBe(1);
  await world.link.inject(silent, 1);
  await put(prefix, 0, 1);
  // Were none answered, the first would have ended the stream with code 14 after 2.2 s.
  const until = Date.now() + 3_500;
  await expect.poll(() => Date.now() > until || watch.ended !== undefined, within).toBe(true);
  expect(watch.ended).toBeUndefined();
  await world.link.heal();
});

test('a cancelled watch is closed at etcd too', async () => {
  const prefix = freshPrefix();
  const open = async (): Promise<number> => (await world.link.counters()).grpc.watchesOpen;
  await expect.poll(open, within).toBe(0);
  {
    using watch = watchPrefix(world.link.address, prefix);
    await expect.poll(() => watch.created, within).toBe(1);
    expect(await open()).toBe(1);
  }
  await expect.poll(open, within).toBe(0);
});

test('what the control does not know is refused in words', async () => {
  const post = async (fault: object): Promise<readonly [number, string]> => {
    const answer = await fetch(new URL('/faults', world.control), { method: 'POST', body: JSON.stringify({ fault }) });
    return [answer.status, await answer.text()];
  };
  expect(await post({ kind: 'watch.later' })).toEqual([
    400,
    '{"error":"\\"watch.later\\" is no fault of the etcd link"}',
  ]);
  expect(await post({ kind: 'watch.duplicate' })).toEqual([
    400,
    '{"error":"watch.duplicate breaks promises of etcd: breaksPromisesOfEtcd has to be true"}',
  ]);
  expect((await fetch(new URL('/nothing', world.control))).status).toBe(404);
});
