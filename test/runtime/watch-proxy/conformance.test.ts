/** The same client against etcd and against the watch proxy before it: what it sees must be the same. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JsonWatch, openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { type TestEtcd, openAccess, startEtcd } from '../../support/etcd.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';
import { connectWatches } from '../../../gateway/etcd/raw-watch.ts';
import { rangeOf } from '../../../gateway/etcd/words.ts';

let etcd: TestEtcd;
let proxy: TestWatchProxy;
let direct: Etcd3;
let through: Etcd3;

beforeAll(async () => {
  etcd = await startEtcd();
  direct = new Etcd3({ hosts: etcd.url.origin });
  for (let n = 1; n <= 5; n++) await direct.put(`/apisix/old/${n}`).value(`v${n}`);
  proxy = await startWatchProxy(etcd.url);
  through = new Etcd3({ hosts: proxy.url.origin });
});

afterAll(async () => {
  through.close();
  direct.close();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const all = prefixRange('/apisix/');
const one = { key: Buffer.from('/apisix/old/2').toString('base64') };

test.each<[string, readonly object[]]>([
  ['from now', [{ create_request: all }]],
  ['from the first revision on, older than the ring', [{ create_request: { ...all, start_revision: '1' } }]],
  ['one key', [{ create_request: one }]],
  ['camelCase names and a number', [{ createRequest: { key: all.key, rangeEnd: all.range_end, startRevision: 3 } }]],
  ['what the key held before', [{ create_request: { ...all, prev_kv: true } }]],
  ['no puts', [{ create_request: { ...all, filters: ['NOPUT'] } }]],
  ['no deletes', [{ create_request: { ...all, filters: ['NODELETE'] } }]],
  ['an id of its own', [{ create_request: { ...all, watch_id: '7' } }]],
  ['the same id twice', [{ create_request: { ...all, watch_id: '7' } }, { create_request: { ...one, watch_id: '7' } }]],
  ['two on one stream', [{ create_request: all }, { create_request: one }]],
  ['canceled', [{ create_request: { ...all, watch_id: '9' } }, { cancel_request: { watch_id: '9' } }]],
  ['an empty range', [{ create_request: { key: all.range_end, range_end: all.key } }]],
  ['unknown fields', [{ create_request: { ...all, nothing: 1 } }]],
])('a watch in JSON, %s', async (_what, requests) => {
  using a = openJsonWatch(etcd.url, requests);
  using b = openJsonWatch(proxy.url, requests);
  const created = ({ lines }: JsonWatch): boolean =>
    lines.filter(({ result }) => result?.created).length ===
    requests.filter((each) => !('cancel_request' in each)).length;
  await until(() => created(a) && created(b), `both watches are created: ${JSON.stringify([a.lines, b.lines])}`);
  await direct.put('/apisix/old/1').value('changed');
  await direct.put('/apisix/old/2').value('changed');
  const deleted = await direct.delete().key('/apisix/old/2');
  await direct
    .if('\0', 'Create', '==', 0)
    .then(direct.put('/apisix/old/2').value('a'), direct.put('/apisix/old/3').value('b'))
    .commit();
  const last = await direct.put('/apisix/old/2').value('last');
  const { revision } = (JSON.stringify(requests).includes('NOPUT') ? deleted : last).header;
  // Each watch that lives has its last event: then nothing more can come.
  const complete = ({ lines }: JsonWatch): boolean => {
    const results = lines.flatMap(({ result }) => result ?? []);
    const ended = results.filter(({ canceled }) => canceled).map(({ watch_id: id }) => id);
    const live = results.filter(({ created, watch_id: id }) => created && !ended.includes(id));
    return live.every(({ watch_id: id }) =>
      results.some((each) => each.watch_id === id && each.events?.some(({ kv }) => kv['mod_revision'] === revision)),
    );
  };
  await until(() => complete(a) && complete(b), `all events: ${a.events().join()} and ${b.events().join()}`);
  // Batches may differ, and with them the revision of the store that a header tells.
  const seen = ({ lines }: JsonWatch): unknown => ({
    control: lines
      .filter(({ result }) => result?.events === undefined)
      .map(({ result }) => ({ ...result, header: '' })),
    // Between watches of one stream there is no order.
    events: ['0', '1', '7'].map((id) =>
      lines
        .filter(({ result }) => (result?.watch_id ?? '0') === id)
        .flatMap(({ result }) => (result?.events ?? []).map((event) => JSON.stringify(event))),
    ),
  });
  expect(seen(b)).toEqual(seen(a));
});

test('etcd holds one watch for fifty watchers of both protocols, and each of them gets every event once', async () => {
  const watches = connectWatches(openAccess(proxy.url));
  const stop = new AbortController();
  const from = BigInt((await direct.get('\0').exec()).header.revision) + 1n;
  const got: string[][] = [];
  const follow = async (): Promise<void> => {
    const own: string[] = [];
    got.push(own);
    for await (const { items } of watches.watch(rangeOf('/apisix/'), from, stop.signal)) {
      own.push(...items.map(({ kv }) => `${String(kv.key)}@${kv.mod_revision}`));
    }
  };
  const following = Array.from({ length: 25 }, follow);
  const requests = [{ create_request: { ...all, start_revision: `${from}` } }];
  const lines = Array.from({ length: 25 }, () => openJsonWatch(proxy.url, requests));
  await until(async () => (await proxy.metric('watch_proxy_watchers')) >= 50, 'fifty watchers');
  for (let n = 0; n < 200; n++) await direct.put(`/apisix/n/${n % 20}`).value(`${n}`);
  await until(
    () => got.every((own) => own.length >= 200) && lines.every((each) => each.events().length >= 200),
    'all events',
  );
  const metrics = await (await fetch(new URL('/metrics', etcd.url))).text();
  expect(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(metrics)?.[1]).toBe('1');
  expect(new Set(got.map((own) => own.join())).size).toBe(1);
  expect(got[0]).toHaveLength(200);
  expect(new Set(lines.map((each) => each.events().join())).size).toBe(1);
  stop.abort();
  await Promise.all(following);
  watches.close();
  for (const each of lines) each[Symbol.dispose]();
});

test('npm etcd3 reads, writes, leases and watches through it', async () => {
  const watcher = await through.watch().prefix('/apisix/lib/').create();
  const events: string[] = [];
  watcher.on('put', ({ key, value }) => events.push(`${String(key)}=${String(value)}`));
  await through.put('/apisix/lib/a').value('1');
  expect(await through.get('/apisix/lib/a').string()).toBe('1');
  const lease = through.lease(60);
  await lease.put('/apisix/lib/b').value('2');
  await lease.revoke();
  expect(await direct.get('/apisix/lib/b').string()).toBeNull();
  await until(() => events.length === 2, 'two events');
  expect(events).toEqual(['/apisix/lib/a=1', '/apisix/lib/b=2']);
  await watcher.cancel();
});

test.each<[string, object]>([
  ['everything', all],
  ['one key', one],
  ['a limit', { ...all, limit: 2 }],
  ['keys only, downwards', { ...all, keys_only: true, sort_order: 'DESCEND', sort_target: 'MOD' }],
  ['a count', { ...all, count_only: true }],
  ['changed since', { ...all, min_mod_revision: '6' }],
])('a serializable read of %s is answered by the mirror as etcd answers it', async (_what, range) => {
  await direct.put('/apisix/old/5').value('newest');
  const body = JSON.stringify({ ...range, serializable: true });
  const ask = async (url: URL): Promise<Response> => fetch(new URL('/v3/kv/range', url), { method: 'POST', body });
  const wanted = await (await ask(etcd.url)).json();
  await until(async () => {
    const answer = await ask(proxy.url);
    expect(answer.headers.get('x-watch-proxy-mirror')).toMatch(/^\d+$/);
    return JSON.stringify(await answer.json()) === JSON.stringify(wanted);
  }, 'the mirror answers the same');
});

test.each(['/version', '/health', '/v3/nothing', '/v3/kv/range'])('GET %s is answered by etcd', async (path) => {
  const [a, b] = await Promise.all([etcd.url, proxy.url].map((url) => fetch(new URL(path, url))));
  expect([b?.status, await b?.text()]).toEqual([a?.status, await a?.text()]);
});
