/** More than one message may hold: a transaction that is cut into parts, and a history that comes from etcd in parts. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { connectWatches } from '../../../gateway/etcd/raw-watch.ts';
import { type RawEvent, type RawWatchResponse, rpc } from '../../../gateway/etcd/rpc.ts';
import { rangeOf } from '../../../gateway/etcd/words.ts';
import { type TestEtcd, openAccess, startEtcd } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';
import { type Create, type OpenWatch, type Response, openWatch } from '../../watch-schedules/open-watch.ts';

const keys = 60;
const value = 'x'.repeat(60_000);
/** Of one message: what etcd lets a request be, and half a MiB. Bytes. */
const mostBytes = 2_097_152;
const overhead = 1_000 * keys;

let etcd: TestEtcd;
/** The first has the transaction in its ring; the second cannot, and has to ask etcd for it. */
let proxies: readonly TestWatchProxy[];
beforeAll(async () => {
  etcd = await startEtcd({ args: ['--max-request-bytes=10485760'] });
  proxies = [await startWatchProxy(etcd.url), await startWatchProxy(etcd.url, { WATCH_PROXY_RING_EVENTS: '10' })];
});
afterAll(async () => {
  for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

interface Seen extends Disposable {
  readonly responses: readonly Response[];
  readonly changes: number;
}

function watch(url: URL, protocol: Create['protocol'], fragment: boolean, range: Range, from: number): Seen {
  const responses: Response[] = [];
  const wish = { ...range, puts: true, deletes: true, prevKv: false, progressNotify: false, fragment, protocol };
  const open: OpenWatch = openWatch(url, wish, from, (response) => responses.push(response));
  return {
    responses,
    get changes() {
      return responses.reduce((sum, { changes }) => sum + changes.length, 0);
    },
    [Symbol.dispose]: () => open[Symbol.dispose](),
  };
}

interface Range {
  readonly from: string;
  readonly to: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
let transactions = 0;

/** 3.6 MB at one revision, which it resolves with. */
async function commit(prefix: string): Promise<number> {
  const success = Array.from({ length: keys }, (_each, n) => ({
    request_put: { key: base64(`${prefix}${String(n).padStart(2, '0')}`), value: base64(value) },
  }));
  const body = JSON.stringify({ success });
  const answer = await fetch(new URL('/v3/kv/txn', etcd.url), { method: 'POST', body });
  const { header } = (await answer.json()) as { readonly header: { readonly revision: string } };
  return Number(header.revision);
}

function bytesOf({ changes }: Response): number {
  return changes.reduce((sum, each) => sum + each.key.length + each.value.length, 0);
}

test.each([
  ['grpc', true],
  ['grpc', false],
  ['json', true],
  ['json', false],
] as const)('one transaction of 3.6 MB over %s, in fragments: %s', { timeout: 240_000 }, async (protocol, fragment) => {
  const prefix = `/apisix/large-${++transactions}/`;
  const range = { from: prefix, to: `${prefix.slice(0, -1)}0` };
  using stack = new DisposableStack();
  const seen = proxies.map(({ url }) => stack.use(watch(url, protocol, fragment, range, 0)));
  await until(() => seen.every(({ responses }) => responses[0]?.created === true), 'who watches from now');
  const revision = await commit(prefix);
  await until(() => seen.every(({ changes }) => changes >= keys), 'they have it');
  // Later ones: from the ring of the first proxy, and by the second from etcd's history.
  seen.push(...proxies.map(({ url }) => stack.use(watch(url, protocol, fragment, range, revision))));
  await until(() => seen.every(({ changes }) => changes >= keys), 'who comes later has it');
  for (const { responses } of seen) {
    const parts = responses.filter(({ changes }) => changes.length > 0);
    expect(parts.length > 1).toBe(fragment);
    expect(parts.map((part) => part.fragment)).toEqual(parts.map((_part, index) => index < parts.length - 1));
    if (fragment) expect(Math.max(...parts.map(bytesOf))).toBeLessThan(mostBytes + overhead);
    const changes = parts.flatMap((part) => part.changes);
    expect(changes.map(({ key }) => key)).toEqual(
      Array.from({ length: keys }, (_each, n) => `${prefix}${String(n).padStart(2, '0')}`),
    );
    expect(new Set(changes.map((change) => change.revision))).toEqual(new Set([revision]));
  }
});

/** Whether etcd itself sends the history in parts: else nothing here would be joined. */
async function comesInParts(url: URL, from: number): Promise<boolean> {
  const client = new Client(url.host, credentials.createInsecure(), { 'grpc.max_receive_message_length': -1 });
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
  const responses: RawWatchResponse[] = [];
  stream.on('error', () => undefined);
  stream.on('data', (response: RawWatchResponse) => responses.push(response));
  const range = { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0') };
  stream.write({ create_request: { ...range, start_revision: `${from}`, fragment: true } });
  const count = (): number => responses.reduce((sum, { events = [] }) => sum + events.length, 0);
  await until(() => count() >= keys, 'etcd has sent all');
  stream.cancel();
  client.close();
  return responses.some(({ fragment }) => fragment === true);
}

test('a history of 3.6 MB, which etcd sends in parts, is whole for every client', { timeout: 240_000 }, async () => {
  await using own = await startEtcd();
  for (let n = 0; n < keys; n++) expect(await putBy(own.url, `/apisix/k${n}`, value)).toBe(200);
  const first = 2;
  expect(await comesInParts(own.url, first)).toBe(true);
  const watches = connectWatches(openAccess(own.url));
  const stop = new AbortController();
  const messages: (readonly RawEvent[])[] = [];
  for await (const { items } of watches.watch(rangeOf('/apisix/'), BigInt(first), stop.signal)) {
    if (items.length > 0) messages.push(items);
    if (messages.flat().length >= keys) stop.abort();
  }
  watches.close();
  // Joined: one message is more than etcd puts into a part.
  const sizes = messages.map((items) => items.reduce((sum, { kv }) => sum + (kv.value?.length ?? 0), 0));
  expect(Math.max(...sizes)).toBeGreaterThan(mostBytes);
  await using proxy = await startWatchProxy(own.url, { WATCH_PROXY_RING_EVENTS: '10' });
  using stack = new DisposableStack();
  const range = { from: '/apisix/', to: '/apisix0' };
  const seen = (['grpc', 'json'] as const).flatMap((protocol) =>
    [true, false].map((fragment) => stack.use(watch(proxy.url, protocol, fragment, range, first))),
  );
  await until(() => seen.every(({ changes }) => changes >= keys), 'each has all');
  const revisions = Array.from({ length: keys }, (_each, n) => first + n);
  for (const { responses } of seen) {
    expect(responses.flatMap(({ changes }) => changes).map(({ revision }) => revision)).toEqual(revisions);
  }
});
