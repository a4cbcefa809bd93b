/** gRPC watches frame by frame: a client whose window is shut, one that is half there, and a proxy that stops. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { type RawWatchResponse, rpc } from '../../../gateway/etcd/rpc.ts';
import { rangeOf } from '../../../gateway/etcd/words.ts';
import { FrameSplitter } from '../../../gateway/watch-proxy/downstream/messages.ts';
import type { Field } from '../../../gateway/watch-proxy/http2/hpack/static-table.ts';
import { startEtcd } from '../../support/etcd.ts';
import { until } from '../../support/http.ts';
import { dataOf, headersOf, initialWindow, openRawHttp2, preface, update } from '../../support/raw-http2.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';
import { listRange } from '../../watch-schedules/list-range.ts';

const fields: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', rpc.watch.path],
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
];

/** A request for everything below the prefix, as a message of gRPC. */
function createRequest(prefix: string): Buffer {
  const { key, end } = rangeOf(prefix);
  const message = rpc.watch.requestSerialize({
    create_request: { key, ...(end === undefined ? {} : { range_end: end }) },
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

test('a client whose window is shut costs no more than its buffer, and is told where to go on', async () => {
  await using etcd = await startEtcd();
  const writer = new Etcd3({ hosts: etcd.url.origin });
  const limits = { WATCH_PROXY_RING_EVENTS: '50', WATCH_PROXY_BUFFER_BYTES: '65536' };
  await using proxy = await startWatchProxy(etcd.url, limits);
  await using client = await openRawHttp2(Number(proxy.url.port), initialWindow(100_000));
  client.send(update(0, 1_000_000), headersOf(1, fields), dataOf(1, createRequest('/apisix/')));
  await until(() => client.body(1).length > 0, 'the watch is created');
  const revisions: number[] = [];
  const value = 'x'.repeat(60_000);
  while (revisions.length < 200) {
    const puts = await Promise.all(Array.from({ length: 20 }, () => writer.put('/apisix/k').value(value).exec()));
    revisions.push(...puts.map(({ header }) => Number(header.revision)).toSorted((a, b) => a - b));
  }
  // Not of the first fifty alone: with those in the ring, a client whose window opens would miss nothing.
  const seen = async (): Promise<number> =>
    (await listRange(proxy.url, { from: '/apisix/', to: '/apisix0' }, true)).revision;
  await until(async () => (await seen()) >= (revisions.at(-1) ?? 0), 'the proxy has seen them');
  expect(await proxy.metric('watch_proxy_ring_events')).toBe(50);
  await until(() => client.body(1).length >= 100_000, 'it has what its window let through');
  expect(client.body(1)).toHaveLength(100_000);
  client.send(update(0, 100_000_000), update(1, 100_000_000));
  const responses = (): readonly RawWatchResponse[] =>
    new FrameSplitter(2 ** 24).push(client.body(1)).map((message) => rpc.watch.responseDeserialize(message));
  await until(() => responses().at(-1)?.canceled === true, 'the client is told');
  const got = responses().flatMap(({ events = [] }) => events.map(({ kv }) => Number(kv.mod_revision)));
  // What it gets, had been kept for it: what its window let through, and what may wait.
  expect(got.length).toBeLessThan(10);
  expect(got).toEqual(revisions.slice(0, got.length));
  expect(responses().at(-1)?.cancel_reason).toContain(`everything before revision ${revisions[got.length]} was sent`);
  writer.close();
});

test('connections that begin and say no more are closed, and nobody else is', async () => {
  await using etcd = await startEtcd();
  await using proxy = await startWatchProxy(etcd.url);
  const port = Number(proxy.url.port);
  await using watching = await openRawHttp2(port);
  watching.send(headersOf(1, fields), dataOf(1, createRequest('/apisix/')));
  const beginnings = ['', 'P', 'PRI * HT', 'POST /v3/watch HTTP/1.1\r\nHost:', preface, preface.subarray(0, 23)];
  const sockets = beginnings.map((bytes) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(bytes);
    return once(socket.resume(), 'close');
  });
  await Promise.all(sockets);
  await until(() => watching.body(1).length > 0, 'the watch is created');
  expect(watching.isClosed).toBe(false);
});

test('a client that only closes its side is gone, and so is its watch', async () => {
  await using etcd = await startEtcd();
  await using proxy = await startWatchProxy(etcd.url);
  await using client = await openRawHttp2(Number(proxy.url.port));
  client.send(headersOf(1, fields), dataOf(1, createRequest('/apisix/')));
  await until(() => client.body(1).length > 0, 'the watch is created');
  expect(await proxy.metric('watch_proxy_watchers')).toBe(1);
  client.socket.end();
  await until(async () => (await proxy.metric('watch_proxy_watchers')) === 0, 'nobody watches');
  await until(() => client.isClosed, 'the connection is closed');
});

test('a proxy that stops ends each watch with UNAVAILABLE, and its client opens no other there', async () => {
  await using etcd = await startEtcd();
  await using proxy = await startWatchProxy(etcd.url, { WATCH_PROXY_DRAIN_MS: '100' });
  const session = connectHttp2(proxy.url);
  const leaving = once(session, 'goaway');
  const stream = session.request(Object.fromEntries(fields));
  stream.write(createRequest('/apisix/'));
  await once(stream, 'data');
  const trailers = once(stream, 'trailers');
  process.kill(proxy.pid, 'SIGTERM');
  expect((await leaving)[0]).toBe(0);
  expect((await trailers)[0]).toMatchObject({ 'grpc-status': '14' });
  expect(await proxy.exited).toBe(0);
  session.destroy();
});
