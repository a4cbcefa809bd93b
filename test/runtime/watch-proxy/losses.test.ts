/** Whatever happens to etcd, the proxy or a client: nothing is lost, doubled or out of order without being told. */
import { Etcd3 } from 'etcd3';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { type ResumingClient, startResumingClient } from '../../support/resuming-client.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const within = 60_000;

interface Writer extends Disposable {
  /** Revisions that etcd has confirmed. */
  readonly written: readonly number[];
  write(count: number, bytes?: number): Promise<void>;
  readonly client: Etcd3;
}

/** Writes under way together. */
const atOnce = 20;

function writerTo(etcd: TestEtcd): Writer {
  const client = new Etcd3({ hosts: etcd.url.origin });
  const written: number[] = [];
  return {
    written,
    client,
    async write(count, bytes = 10) {
      const value = 'x'.repeat(bytes);
      for (let begun = 0; begun < count; begun += atOnce) {
        const puts = Array.from({ length: Math.min(atOnce, count - begun) }, (_each, n) =>
          client
            .put(`/apisix/k${(begun + n) % 7}`)
            .value(value)
            .exec(),
        );
        const revisions = (await Promise.all(puts)).map(({ header }) => Number(header.revision));
        written.push(...revisions.toSorted((a, b) => a - b));
      }
    },
    [Symbol.dispose]: () => client.close(),
  };
}

function caughtUp(client: ResumingClient, writer: Writer): Promise<void> {
  return until(
    () => client.revisions.at(-1) === writer.written.at(-1),
    `the client has the last event of ${writer.written.length}`,
    within,
  );
}

/** As it was before `start`, with its own clock: etcd is back and takes writes. */
async function writable(writer: Writer): Promise<void> {
  await until(
    () =>
      writer.write(1).then(
        () => true,
        () => false,
      ),
    'etcd takes writes',
  );
}

test('etcd is killed and comes back: every event once, in order', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await writer.write(3);
  await using proxy = await startWatchProxy(etcd.url);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  await caughtUp(client, writer);
  for (let round = 0; round < 3; round++) {
    await writer.write(20);
    await etcd.restart('keep');
    await writable(writer);
  }
  await caughtUp(client, writer);
  expect(client.revisions).toEqual(writer.written);
  expect(client.reasons).toEqual([]);
});

test('a paused etcd is noticed, and nothing is lost when it goes on', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await using proxy = await startWatchProxy(etcd.url);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  await writer.write(5);
  await caughtUp(client, writer);
  process.kill(etcd.pid, 'SIGSTOP');
  const paused = performance.now();
  await expect.poll(() => proxy.metric('watch_proxy_upstream_watches'), { timeout: 30_000 }).toBe(0);
  expect(performance.now() - paused).toBeLessThan(11_000);
  process.kill(etcd.pid, 'SIGCONT');
  await writable(writer);
  await writer.write(5);
  await caughtUp(client, writer);
  expect(client.revisions).toEqual(writer.written);
});

test('a client goes on at another proxy, whose ring does not reach back so far', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await using first = await startWatchProxy(etcd.url);
  await writer.write(10);
  using client = startResumingClient({ urls: [first.url], prefix: '/apisix/', from: 1 });
  await caughtUp(client, writer);
  const { url } = first;
  await first[Symbol.asyncDispose]();
  await writer.write(2_500);
  await using second = await startWatchProxy(etcd.url, { WATCH_PROXY_LISTEN: url.host });
  expect(second.url).toBeDefined();
  await writer.write(10);
  await caughtUp(client, writer);
  expect(client.revisions).toEqual(writer.written);
});

test('a ring is bounded by bytes as well: what it has no more comes from etcd', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  const most = 100_000;
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_RING_BYTES: `${most}` });
  await writer.write(60, 10_000);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  await caughtUp(client, writer);
  expect(client.revisions).toEqual(writer.written);
  // Whole revisions of ten kilobytes and a little, and what each overwrote.
  expect(await proxy.metric('watch_proxy_ring_bytes')).toBeLessThanOrEqual(most);
  expect(await proxy.metric('watch_proxy_ring_events')).toBe(4);
});

test('compaction past the client while it was away: it is told, and lists again', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await writer.write(20);
  await writer.client.kv.compact({ revision: '15', physical: true });
  await using proxy = await startWatchProxy(etcd.url);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 5 });
  await until(() => client.lists.length === 1, 'the client lists again');
  expect(client.reasons).toEqual(['compacted 15']);
  await writer.write(5);
  await caughtUp(client, writer);
  expect(client.revisions).toEqual(writer.written.slice(-5));
});

test('etcd comes back with another history: every watch is told to list again, none waits for ever', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await writer.write(40);
  await using proxy = await startWatchProxy(etcd.url);
  using client = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  await caughtUp(client, writer);
  await etcd.restart('wipe');
  await until(() => client.lists.length === 1, 'the client lists again');
  await writable(writer);
  await writer.write(5);
  await caughtUp(client, writer);
  expect(client.revisions.slice(40)).toEqual(writer.written.slice(40));
});

test('a client that takes nothing is ended with the revision to go on from, and delays nobody', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  const limits = { WATCH_PROXY_RING_EVENTS: '50', WATCH_PROXY_BUFFER_BYTES: '65536' };
  await using proxy = await startWatchProxy(etcd.url, limits);
  // From now on: one that still read history would be served from there, as slowly as it takes.
  const request = { create_request: prefixRange('/apisix/') };
  using slow = openJsonWatch(proxy.url, [request]);
  using quick = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  await until(() => slow.lines.length > 0, 'the slow one watches');
  slow.pause();
  await writer.write(400, 60_000);
  await caughtUp(quick, writer);
  expect(quick.revisions).toEqual(writer.written);
  slow.resume();
  await until(() => slow.lines.at(-1)?.result?.canceled === true, 'the slow one is told');
  const got = slow.events().length;
  const reason = slow.lines.at(-1)?.result?.cancel_reason;
  expect(got).toBeLessThan(400);
  expect(reason).toContain(`everything before revision ${(writer.written[got - 1] ?? 0) + 1} was sent`);
  expect(await proxy.metric('watch_proxy_slow_consumers_canceled_total')).toBe(1);
});

test('a client that takes nothing is ended after half a minute, though the ring has all that it lacks', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  // Nobody is told of progress meanwhile: that is another clock.
  const settings = { WATCH_PROXY_BUFFER_BYTES: '65536', WATCH_PROXY_PROGRESS_MS: '86400000' };
  await using proxy = await startWatchProxy(etcd.url, settings);
  using slow = openJsonWatch(proxy.url, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => slow.lines.length > 0, 'it watches');
  slow.pause();
  const paused = performance.now();
  await writer.write(400, 60_000);
  const ended = async (): Promise<boolean> => (await proxy.metric('watch_proxy_slow_consumers_canceled_total')) === 1;
  await until(ended, 'it is ended', 90_000);
  expect(performance.now() - paused).toBeGreaterThan(30_000);
  expect(await proxy.metric('watch_proxy_watchers')).toBe(0);
  slow.resume();
  await until(() => slow.lines.at(-1)?.result?.canceled === true, 'it is told', within);
  const got = slow.events().length;
  const next = (writer.written[got - 1] ?? 0) + 1;
  expect(slow.lines.at(-1)?.result?.cancel_reason).toContain(`everything before revision ${next} was sent`);
  using again = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: next });
  await caughtUp(again, writer);
  expect(again.revisions).toEqual(writer.written.slice(got));
});

test('a client that takes nothing while history is read for it holds up nobody else', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd);
  await writer.write(400, 60_000);
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_BUFFER_BYTES: '65536' });
  const request = { create_request: { ...prefixRange('/apisix/'), start_revision: '1' } };
  using slow = openJsonWatch(proxy.url, [request]);
  await until(() => slow.lines.length > 0, 'the slow one watches');
  slow.pause();
  using quick = startResumingClient({ urls: [proxy.url], prefix: '/apisix/', from: 1 });
  const started = performance.now();
  await caughtUp(quick, writer);
  // Were it waited for, that would be for five seconds at least.
  expect(performance.now() - started).toBeLessThan(4_500);
  expect(quick.revisions).toEqual(writer.written);
  slow.resume();
  await until(
    () => slow.events().length === 400 || slow.lines.at(-1)?.result?.canceled === true,
    'the slow one goes on, or is told',
  );
});

test.each([1, 2, 3, 4, 5])(
  'random schedule %i of writes, restarts of etcd and clients that stop taking',
  async (seed) => {
    await using etcd = await startEtcd();
    using writer = writerTo(etcd);
    await writer.write(1);
    await using stack = new AsyncDisposableStack();
    const one = stack.use(await startWatchProxy(etcd.url, { WATCH_PROXY_RING_EVENTS: '40' }));
    const two = stack.use(await startWatchProxy(etcd.url, { WATCH_PROXY_RING_EVENTS: '40' }));
    const urls = [one.url, two.url];
    const clients = [urls, urls.toReversed()].map((each) =>
      stack.use(startResumingClient({ urls: each, prefix: '/apisix/', from: 1 })),
    );
    const random = xoroshiro128plus(seed);
    for (let step = 0; step < 40; step++) {
      const chance = uniformInt(random, 0, 9);
      if (chance < 7) await writer.write(uniformInt(random, 1, 60));
      else if (chance === 7) {
        await etcd.restart('keep');
        await writable(writer);
      } else if (chance === 8) clients[step % 2]?.pause();
      else for (const client of clients) client.resume();
    }
    for (const client of clients) {
      client.resume();
      await caughtUp(client, writer);
      expect(client.revisions, `seed ${seed}`).toEqual(writer.written);
    }
  },
);
