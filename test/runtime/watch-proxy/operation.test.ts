/** What whoever runs the proxy relies on: it leaves without loss, and tells the truth about itself. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';
import { violationsOf } from '../../watch-schedules/history-checker.ts';
import { Ledger } from '../../watch-schedules/ledger.ts';
import { RecordingClient } from '../../watch-schedules/recording-client.ts';

let etcd: TestEtcd;
beforeAll(async () => {
  etcd = await startEtcd();
});
afterAll(() => etcd[Symbol.asyncDispose]());

test('SIGTERM ends the streams one after the other; clients go on at another proxy and have lost nothing', async () => {
  const drainMs = 2_000;
  await using leaving = await startWatchProxy(etcd.url, { WATCH_PROXY_DRAIN_MS: `${drainMs}` });
  await using staying = await startWatchProxy(etcd.url);
  const ledger = await Ledger.begin([etcd.url], '/apisix/drain/');
  const wish = { ...ledger.range, puts: true, deletes: true, prevKv: true, progressNotify: false, fragment: false };
  const clients = Array.from({ length: 20 }, (_each, n) => {
    const protocol = n % 2 === 0 ? ('grpc' as const) : ('json' as const);
    return new RecordingClient([leaving.url, staying.url], { ...wish, protocol, byBookmarks: false }, ledger.begins);
  });
  await until(async () => (await leaving.metric('watch_proxy_watchers')) === 20, 'all watch');
  const asked = performance.now();
  process.kill(leaving.pid, 'SIGTERM');
  const over = new AbortController();
  const writing = (async () => {
    for (let n = 0; !over.signal.aborted; n++)
      await ledger.write([
        [{ key: n % 9, bytes: 10 }],
        [
          { key: 10, bytes: 5 },
          { key: 11, bytes: 'delete' },
        ],
      ]);
  })();
  expect(await leaving.exited).toBe(0);
  const took = performance.now() - asked;
  over.abort();
  await writing;
  const newest = await ledger.read();
  await until(() => clients.every(({ next }) => next > newest), 'all have everything');
  for (const { seen, relists } of clients) {
    expect(violationsOf(ledger.lines, wish, seen, { complete: true })).toEqual([]);
    expect(relists).toBe(0);
  }
  expect(took).toBeGreaterThan(drainMs * 0.8);
  expect(took).toBeLessThan(drainMs + 15_000);
  // They came one after the other: meanwhile others wrote, so that each goes on elsewhere.
  const goesOn = clients.map(({ seen }) => seen.filter((each) => each.kind === 'opened')[1]?.from);
  expect(new Set(goesOn).size).toBeGreaterThan(6);
  for (const client of clients) client.close();
});

const health = async ({ status }: TestWatchProxy): Promise<{ readonly code: number; readonly body: string }> => {
  const answer = await fetch(new URL('/health', status));
  return { code: answer.status, body: await answer.text() };
};

test('/health says whether etcd is followed, and how far', async () => {
  await using own = await startEtcd();
  await using proxy = await startWatchProxy(own.url);
  expect(await health(proxy)).toMatchObject({ code: 200, body: expect.stringContaining('"health":"true"') as string });
  process.kill(own.pid, 'SIGKILL');
  await until(async () => (await health(proxy)).code === 503, 'it says that etcd is away');
  expect((await health(proxy)).body).toContain('"connected":false');
  await own.restart('keep');
  await until(async () => (await health(proxy)).code === 200, 'it says that etcd is back');
  const ledger = await Ledger.begin([own.url], '/apisix/');
  const revision = await ledger.read();
  await until(async () => (await health(proxy)).body.includes(`"revision":"${revision}"`), 'it says how far it is');
});

test('/health of a proxy that follows nothing yet asks etcd', async () => {
  await using own = await startEtcd();
  await using proxy = await startWatchProxy(own.url, { WATCH_PROXY_PREFIXES: '' });
  expect(await health(proxy)).toEqual({ code: 200, body: '{"health":"true","ranges":[]}' });
  process.kill(own.pid, 'SIGKILL');
  await until(async () => (await health(proxy)).code === 503, 'it says that etcd is away');
  expect((await health(proxy)).body).toContain('etcd cannot be reached');
  await own.restart('keep');
  await until(async () => (await health(proxy)).code === 200, 'it says that etcd is back');
});

test('/health says no from SIGTERM on, while streams are still being ended', async () => {
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_DRAIN_MS: '20000' });
  using watch = openJsonWatch(proxy.url, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => watch.lines.length > 0, 'it watches');
  process.kill(proxy.pid, 'SIGTERM');
  await until(async () => (await health(proxy)).code === 503, 'it says that it leaves');
  expect((await health(proxy)).body).toContain('shutting down');
  await watch.ended;
  expect((await health(proxy)).code).toBe(503);
});

test('/metrics has every name that a dashboard may rely on', async () => {
  await using proxy = await startWatchProxy(etcd.url);
  const text = await (await fetch(new URL('/metrics', proxy.status))).text();
  const names = [...text.matchAll(/^# TYPE (watch_proxy_\w+ \w+)$/gm)]
    .map(([, name = '']) => name)
    .toSorted((a, b) => a.localeCompare(b));
  expect(names).toEqual([
    'watch_proxy_events_delivered_total counter',
    'watch_proxy_mirrored_keys gauge',
    'watch_proxy_relists_total counter',
    'watch_proxy_ring_bytes gauge',
    'watch_proxy_ring_events gauge',
    'watch_proxy_slow_consumers_canceled_total counter',
    'watch_proxy_streams gauge',
    'watch_proxy_unwritten_revisions gauge',
    'watch_proxy_upstream_age_seconds gauge',
    'watch_proxy_upstream_watches gauge',
    'watch_proxy_upstream_watches_ended_total counter',
    'watch_proxy_watched_ranges gauge',
    'watch_proxy_watchers gauge',
    'watch_proxy_watchers_behind gauge',
    'watch_proxy_watchers_in_history gauge',
    'watch_proxy_watches_compacted_total counter',
  ]);
  expect(await proxy.metric('watch_proxy_upstream_watches')).toBe(1);
  expect(await proxy.metric('watch_proxy_watched_ranges')).toBe(1);
});

test('/metrics tells what lags: etcd that is not heard, and clients that take nothing', async () => {
  await using own = await startEtcd();
  await using proxy = await startWatchProxy(own.url, { WATCH_PROXY_BUFFER_BYTES: '65536' });
  using slow = openJsonWatch(proxy.url, [{ create_request: prefixRange('/apisix/') }]);
  await until(() => slow.lines.length > 0, 'it watches');
  expect(await proxy.metric('watch_proxy_watchers_behind')).toBe(0);
  slow.pause();
  const value = 'x'.repeat(200_000);
  const isBehind = async (): Promise<boolean> => {
    expect(await putBy(own.url, '/apisix/a', value)).toBe(200);
    return (await proxy.metric('watch_proxy_watchers_behind')) === 1;
  };
  await until(isBehind, 'more is written than it takes');
  slow.resume();
  await until(async () => (await proxy.metric('watch_proxy_watchers_behind')) === 0, 'it has caught up');
  await until(async () => (await proxy.metric('watch_proxy_upstream_age_seconds')) < 4, 'etcd is heard');
  process.kill(own.pid, 'SIGSTOP');
  await until(async () => (await proxy.metric('watch_proxy_upstream_age_seconds')) > 5, 'etcd is not heard');
  process.kill(own.pid, 'SIGCONT');
  await until(async () => (await proxy.metric('watch_proxy_upstream_age_seconds')) < 4, 'etcd is heard again');
  expect(await proxy.metric('watch_proxy_unwritten_revisions')).toBe(0);
  expect(await proxy.metric('watch_proxy_watchers_in_history')).toBe(0);
});
