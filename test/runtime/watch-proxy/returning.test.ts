/** A fleet comes back: what it has missed is encoded once and written to all, in memory that does not grow with it. */
import { type Socket, connect } from 'node:net';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { startEtcd } from '../../support/etcd.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { peakResidentBytes, residentBytes } from '../../support/processes.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const fleet = 1_000;
const catchUpMs = 180_000;

interface Writer extends Disposable {
  /** Revisions in their order. */
  readonly written: readonly number[];
  write(count: number): Promise<void>;
}

function writerTo(url: URL): Writer {
  const client = new Etcd3({ hosts: url.origin });
  const written: number[] = [];
  const value = 'x'.repeat(400);
  return {
    written,
    async write(count) {
      for (let begun = 0; begun < count; begun += 20) {
        const keys = Array.from({ length: Math.min(20, count - begun) }, (_each, n) => `/apisix/k${(begun + n) % 7}`);
        const puts = await Promise.all(keys.map((key) => client.put(key).value(value).exec()));
        written.push(...puts.map(({ header }) => Number(header.revision)).toSorted((a, b) => a - b));
      }
    },
    [Symbol.dispose]: () => client.close(),
  };
}

interface Returning extends Disposable {
  readonly from: number;
  /** Of the events so far. */
  readonly revisions: readonly number[];
}

const mark = /"mod_revision":"(\d+)"/g;
/** What a mark has at most: as much may be the beginning of one. */
const markLength = 40;

/** A watch that keeps nothing but revisions: what comes to a thousand of them is 400 MB. */
function comeBack(url: URL, from: number): Returning {
  const body = JSON.stringify({ create_request: { ...prefixRange('/apisix/'), start_revision: `${from}` } });
  const socket: Socket = connect(Number(url.port), url.hostname);
  socket.write(`POST /v3/watch HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const revisions: number[] = [];
  let rest = '';
  socket.setEncoding('latin1').on('error', () => undefined);
  socket.on('data', (text: string) => {
    const all = rest + text;
    let read = 0;
    for (const { 0: found, 1: revision, index } of all.matchAll(mark)) {
      revisions.push(Number(revision));
      read = index + found.length;
    }
    rest = all.slice(Math.max(read, all.length - markLength));
  });
  return { from, revisions, [Symbol.dispose]: () => void socket.destroy() };
}

test.each([
  ["etcd's history", '50'],
  ['the ring', '10000'],
])('a thousand watchers catch up from %s in bounded memory', { timeout: 240_000 }, async (_where, ringEvents) => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd.url);
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_RING_EVENTS: ringEvents });
  await writer.write(600);
  await until(async () => (await proxy.metric('watch_proxy_mirrored_keys')) === 7, 'the proxy follows');
  const before = residentBytes(proxy.pid);
  using stack = new DisposableStack();
  // They were not all cut at the same moment.
  const all = Array.from({ length: fleet }, (_each, n) =>
    stack.use(comeBack(proxy.url, writer.written[n % 5] ?? Number.NaN)),
  );
  await until(() => all.some(({ revisions }) => revisions.length > 0), 'the first events have come', catchUpMs);
  // Life goes on meanwhile.
  await writer.write(40);
  const last = writer.written.at(-1);
  await until(() => all.every(({ revisions }) => revisions.at(-1) === last), 'all have caught up', catchUpMs);
  const wrong = all.filter(
    ({ from, revisions }) => revisions.join() !== writer.written.filter((revision) => revision >= from).join(),
  );
  expect(wrong).toEqual([]);
  // A response for each of them would be those 400 MB, at the moment of the worst.
  expect(peakResidentBytes(proxy.pid) - before).toBeLessThan(250 * 1_048_576);
});

test('a client that asks for what is yet to come gets that, and nothing before it', async () => {
  await using etcd = await startEtcd();
  using writer = writerTo(etcd.url);
  await using proxy = await startWatchProxy(etcd.url);
  await writer.write(1);
  const start = (writer.written[0] ?? Number.NaN) + 3;
  const request = { create_request: { ...prefixRange('/apisix/'), start_revision: `${start}` } };
  using watch = openJsonWatch(proxy.url, [request]);
  await until(() => watch.lines.length > 0, 'the watch is created');
  for (let n = 0; n < 6; n++) await writer.write(1);
  const expected = writer.written.filter((revision) => revision >= start);
  expect(expected).toHaveLength(4);
  await until(() => watch.events().length === expected.length, 'the events have come');
  expect(watch.events().map((event) => Number(event.split('@')[1]))).toEqual(expected);
});
