/** Whatever comes in at the port: it is refused with an error, memory stays bounded, and others are served meanwhile. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, connect as connectHttp2 } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rpc } from '../../../gateway/etcd/rpc.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import {
  type RawConnection,
  connectRaw,
  frame,
  frameType,
  grpcMessage,
  headerBlock,
  opening,
  preface,
  watchHeaders,
  watchStream,
} from '../../support/http2-raw.ts';
import { alive, residentBytes } from '../../support/processes.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';
import { RecordingClient } from '../../watch-schedules/recording-client.ts';
import { Ledger } from '../../watch-schedules/ledger.ts';
import { violationsOf } from '../../watch-schedules/history-checker.ts';

const mebibyte = 1_048_576;
let etcd: TestEtcd;
let proxy: TestWatchProxy;
let ledger: Ledger;
let others: readonly RecordingClient[];
/** Of connections that say nothing more; asked last, since what the proxy does to them takes it a while. */
let silent: readonly RawConnection[];

beforeAll(async () => {
  etcd = await startEtcd();
  proxy = await startWatchProxy(etcd.url);
  silent = await Promise.all(
    [Buffer.alloc(0), preface.subarray(0, 10), Buffer.from('POST /v3')].map((bytes) => connectRaw(proxy.url, bytes)),
  );
  ledger = await Ledger.begin([etcd.url], '/apisix/');
  const wish = { ...ledger.range, puts: true, deletes: true, prevKv: false, progressNotify: false, fragment: false };
  others = (['grpc', 'json'] as const).map(
    (protocol) => new RecordingClient([proxy.url], { ...wish, protocol, byBookmarks: false }, ledger.begins),
  );
});

/** The two clients that do nothing wrong have lost nothing, and nobody has cut them off. */
afterEach(async () => {
  await ledger.write([
    [{ key: 1, bytes: 100 }],
    [
      { key: 2, bytes: 100 },
      { key: 3, bytes: 10 },
    ],
  ]);
  const newest = await ledger.read();
  await until(() => others.every(({ next }) => next > newest), 'others are served');
  for (const { wish, seen } of others) {
    expect(violationsOf(ledger.lines, wish, seen, { complete: true })).toEqual([]);
    expect(seen.filter(({ kind }) => kind === 'opened')).toHaveLength(1);
  }
  expect(alive(proxy.pid)).toBe(true);
});

afterAll(async () => {
  for (const other of others) other.close();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

/** An error of the connection (GOAWAY, 7) or of the stream (RST_STREAM, 3), or the connection is closed. */
function refused({ received, closed }: RawConnection): boolean {
  for (let at = 0; at + 9 <= received.length; at += 9 + received.readUIntBE(at, 3)) {
    const type = received[at + 3];
    const payload = received.subarray(at + 9, at + 9 + received.readUIntBE(at, 3));
    if (type === 7 && payload.length >= 8 && payload.readUInt32BE(4) !== 0) return true;
    if (type === 3) return true;
  }
  return closed;
}

const createAll = Buffer.from([0x0a, 0x06, 0x0a, 0x01, 0x61, 0x12, 0x01, 0x7a]);
const notAsked = headerBlock({
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/x',
  ':authority': 'x',
  'Upper-Case': 'x',
});

test.each<[string, Buffer]>([
  ['a frame longer than allowed', Buffer.concat([opening, frame(frameType.data, 0, 1, Buffer.alloc(65_536))])],
  ['data on stream 0', Buffer.concat([opening, frame(frameType.data, 0, 0, Buffer.from('x'))])],
  ['data on a stream that is not open', Buffer.concat([opening, frame(frameType.data, 0, 9, Buffer.from('x'))])],
  ['headers on an even stream', Buffer.concat([opening, frame(frameType.headers, 4, 2, watchHeaders)])],
  ['headers that no table knows', Buffer.concat([opening, frame(frameType.headers, 4, 1, Buffer.alloc(40, 0xff))])],
  ['a name in upper case', Buffer.concat([opening, frame(frameType.headers, 4, 1, notAsked)])],
  ['a continuation of nothing', Buffer.concat([opening, frame(frameType.continuation, 4, 1, watchHeaders)])],
  ['settings of half a field', Buffer.concat([preface, frame(frameType.settings, 0, 0, Buffer.from('xyz'))])],
  ['no settings after the preface', Buffer.concat([preface, frame(frameType.ping, 0, 0, Buffer.alloc(8))])],
  ['a ping of nine bytes', Buffer.concat([opening, frame(frameType.ping, 0, 0, Buffer.alloc(9))])],
  [
    'a window that overflows',
    Buffer.concat([opening, frame(frameType.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))]),
  ],
  ['a window of nothing', Buffer.concat([opening, frame(frameType.windowUpdate, 0, 0, Buffer.alloc(4))])],
  ['a preface that is almost one', Buffer.from('PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n')],
  ['garbage after the preface', Buffer.concat([preface, Buffer.alloc(200, 0xa5)])],
])('over HTTP/2, %s is refused', async (_what, bytes) => {
  const hostile = await connectRaw(proxy.url, bytes);
  await until(() => refused(hostile), 'refused');
  hostile.socket.destroy();
});

test.each(['/v3/kv/range', '/v3beta/kv/range?x', '/v3/kv/put', '/v3/watch'])(
  'a client that goes away in the middle of what it asks at %s ends nothing but itself',
  async (path) => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"key":"YQ`;
      const { socket } = await connectRaw(proxy.url, head);
      await until(() => socket.bytesWritten === head.length && socket.writableLength === 0, 'sent');
      socket[leave]();
      await once(socket, 'close');
    }
  },
);

const chunked = 'POST /v3/watch HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
const asLong = (body: string): string =>
  `POST /v3/watch HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** The gRPC status that ends a watch with this as its first message. */
async function statusOf(message: Buffer): Promise<number> {
  const session = connectHttp2(proxy.url);
  try {
    const stream = session.request({ ':method': 'POST', ':path': rpc.watch.path, 'content-type': 'application/grpc' });
    stream.write(message);
    const [trailers] = (await once(stream.resume(), 'trailers')) as [IncomingHttpHeaders];
    return Number(trailers['grpc-status']);
  } finally {
    session.destroy();
  }
}

test.each<[string, status, Buffer]>([
  ['that says it is compressed', status.INTERNAL, grpcMessage(createAll, 1)],
  ['of four gigabytes', status.RESOURCE_EXHAUSTED, grpcMessage(createAll, 0, 0xffff_ffff)],
  ['that is no protobuf', status.INTERNAL, grpcMessage(Buffer.alloc(20, 0xff))],
  ['cut off in a field', status.INTERNAL, grpcMessage(Buffer.from([0x0a, 0x7f, 0x01]))],
])('a gRPC message %s is refused with a status', async (_what, wanted, message) => {
  expect(await statusOf(message)).toBe(wanted);
});

test.each<[string, string, RegExp | 'closed']>([
  ['a chunk whose size is no number', `${chunked}zz\r\n{}\r\n`, 'closed'],
  ['a chunk without its end', `${chunked}2\r\n{}xx\r\n`, 'closed'],
  [
    'both lengths',
    `POST /v3/watch HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    /400/,
  ],
  ['no request at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /400/],
  ['a header without an end', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n`, /4(31|14|00)/],
  ['text that is no JSON', asLong('this is no JSON'), /"error":\{"code":3/],
  ['JSON that ends too early', asLong('{"create_request":{"key":]}}'), /"error":\{"code":3/],
  ['an array', asLong('[{"create_request":{}}]'), /"error":\{"code":3/],
  ['a number for an object', asLong('{"create_request":7}'), /"error":\{"code":3/],
  ['bytes that are not base64', asLong('{"create_request":{"key":"%%%"}}'), /"error":\{"code":3/],
  [
    'a revision that is no number',
    asLong('{"create_request":{"key":"YQ==","start_revision":"soon"}}'),
    /"error":\{"code":3/,
  ],
  ['a filter that is none', asLong('{"create_request":{"key":"YQ==","filters":["NOTHING"]}}'), /"error":\{"code":3/],
  ['an object in a thousand objects', asLong(`${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`), /^HTTP\/1\.1 200/],
])('over HTTP/1.1, %s is refused', async (_what, bytes, answer) => {
  const hostile = await connectRaw(proxy.url, Buffer.from(bytes, 'latin1'));
  const refusal = (): boolean =>
    answer === 'closed' ? hostile.closed : answer.test(hostile.received.toString('latin1'));
  await until(refusal, `an answer of ${String(answer)}`);
  hostile.socket.destroy();
});

/** Writes as fast as the other side takes, until it is refused or so much has been sent. */
async function flood(hostile: RawConnection, chunk: Buffer, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes && !hostile.closed && !refused(hostile); sent += chunk.length) {
    if (hostile.socket.write(chunk)) await new Promise((resolve) => setImmediate(resolve));
    else
      await Promise.race([
        new Promise((resolve) => hostile.socket.once('drain', resolve)),
        new Promise((resolve) => setTimeout(resolve, 200)),
      ]);
  }
}

test('a JSON value without an end is refused, and costs no more memory than one message may have', async () => {
  const before = residentBytes(proxy.pid);
  const hostile = await connectRaw(proxy.url, `${chunked}b\r\n{"key": "xx\r\n`);
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
  await flood(hostile, chunk, 200 * mebibyte);
  await until(() => hostile.received.includes('"code":8') || hostile.closed, 'refused');
  hostile.socket.destroy();
  expect(residentBytes(proxy.pid) - before).toBeLessThan(100 * mebibyte);
});

test('a read with a body without an end is refused, and costs little memory', async () => {
  const before = residentBytes(proxy.pid);
  const head = 'POST /v3/kv/range HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  const hostile = await connectRaw(proxy.url, `${head}b\r\n{"key": "xx\r\n`);
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
  await flood(hostile, chunk, 300 * mebibyte);
  await until(() => hostile.closed || hostile.received.length > 0, 'refused');
  hostile.socket.destroy();
  expect(residentBytes(proxy.pid) - before).toBeLessThan(100 * mebibyte);
});

test('ten thousand requests for a watch on one stream that nobody reads cost little memory', async () => {
  const before = residentBytes(proxy.pid);
  const hostile = await connectRaw(proxy.url, Buffer.concat([opening, watchStream(grpcMessage(createAll))]));
  hostile.socket.pause();
  const create = frame(frameType.data, 0, 1, grpcMessage(createAll));
  await flood(hostile, Buffer.concat(Array.from({ length: 100 }, () => create)), 10_000 * create.length);
  await expect.poll(() => proxy.metric('watch_proxy_streams')).toBeGreaterThanOrEqual(3);
  expect(residentBytes(proxy.pid) - before).toBeLessThan(100 * mebibyte);
  hostile.socket.destroy();
  await until(async () => (await proxy.metric('watch_proxy_watchers')) === 2, 'its watches are gone');
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['half a preface', preface.subarray(0, 10)],
  ['a preface and no more', opening],
  ['half a request', Buffer.from('POST /v3/watch HTTP/1.1\r\nHost: x\r\n')],
])(
  'ten thousand connections that say %s cost little memory each, and others are served',
  { timeout: 240_000 },
  async (_what, bytes) => {
    const before = residentBytes(proxy.pid);
    const hostile: RawConnection[] = [];
    for (let n = 0; n < 10_000; n += 250) {
      hostile.push(...(await Promise.all(Array.from({ length: 250 }, () => connectRaw(proxy.url, bytes)))));
    }
    await ledger.write([[{ key: 4, bytes: 100 }]]);
    const newest = await ledger.read();
    await until(() => others.every(({ next }) => next > newest), 'others are served meanwhile');
    const grown = residentBytes(proxy.pid) - before;
    process.stdout.write(`ten thousand connections: ${Math.round(grown / 10_000)} bytes each\n`);
    expect(grown).toBeLessThan(400 * mebibyte);
    for (const { socket } of hostile) socket.destroy();
    await until(async () => (await proxy.metric('watch_proxy_streams')) === 2, 'only the two are left');
  },
);

test('connections that say nothing are closed before long', async () => {
  await until(() => silent.every(({ closed }) => closed), 'all are closed');
});
