/** What a client does wrong ends its stream or its connection, as RFC 9113 says, and never anything else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorCode } from '../../../gateway/watch-proxy/http2/errors.ts';
import { Flag, FrameType, frame } from '../../../gateway/watch-proxy/http2/frames.ts';
import { encodeFields } from '../../../gateway/watch-proxy/http2/hpack/encoder.ts';
import type { Field } from '../../../gateway/watch-proxy/http2/hpack/static-table.ts';
import { until } from '../../support/http.ts';
import {
  type RawServer,
  dataOf,
  headersOf,
  numberOf,
  openRawHttp2,
  post,
  preface,
  settingsOf,
  startRawHttp2,
} from '../../support/raw-http2.ts';

let server: RawServer;
let open = 0;

beforeAll(async () => {
  server = await startRawHttp2((stream) => {
    open++;
    stream.listen({
      data: () => undefined,
      end: () => stream.respond([[':status', '200']], true),
      drain: () => undefined,
      close: () => open--,
    });
  });
});
afterAll(async () => {
  await until(() => open === 0, 'every stream was closed');
  await server[Symbol.asyncDispose]();
});

const none = Buffer.alloc(0);
const get = headersOf(1, post, true);
const fields = encodeFields(post);
const large = Buffer.alloc(16_385);
const repeat = (bytes: Uint8Array, times: number): Buffer => Buffer.concat(Array.from({ length: times }, () => bytes));
const streams = (count: number, of: (id: number) => Uint8Array): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => of(index * 2 + 1)));

test.each<[string, Uint8Array, number]>([
  ['a first frame that is not SETTINGS', get, ErrorCode.protocol],
  ['an answer to settings before any', frame(FrameType.settings, Flag.ack, 0, none), ErrorCode.protocol],
  ['ENABLE_PUSH of 2', settingsOf([2, 2]), ErrorCode.protocol],
  ['a window beyond 2^31', settingsOf([4, 2 ** 31]), ErrorCode.flowControl],
  ['a frame size below 16384', settingsOf([5, 16_383]), ErrorCode.protocol],
  ['half a setting', frame(FrameType.settings, 0, 0, Buffer.alloc(5)), ErrorCode.frameSize],
  ['settings of a stream', frame(FrameType.settings, 0, 1, none), ErrorCode.protocol],
])('%s, as the first frame: the connection ends', async (_what, bytes, code) => {
  await using client = await openRawHttp2(server.port, bytes);
  expect((await client.frame(FrameType.goAway)).payload.readUInt32BE(4)).toBe(code);
  await until(() => client.isClosed, 'the connection is closed');
});

test.each<[string, Uint8Array, number]>([
  ['an even stream', headersOf(2), ErrorCode.protocol],
  ['a stream that is used again', Buffer.concat([get, get]), ErrorCode.streamClosed],
  ['a stream below the last one', Buffer.concat([headersOf(5, post, true), headersOf(3)]), ErrorCode.streamClosed],
  ['DATA on no stream', dataOf(0, none), ErrorCode.protocol],
  ['DATA on a stream that was never opened', dataOf(1, none), ErrorCode.protocol],
  ['RST_STREAM on a stream that was never opened', frame(FrameType.reset, 0, 1, numberOf(8)), ErrorCode.protocol],
  [
    'RST_STREAM of five bytes',
    Buffer.concat([headersOf(1), frame(FrameType.reset, 0, 1, Buffer.alloc(5))]),
    ErrorCode.frameSize,
  ],
  ['WINDOW_UPDATE by 0', frame(FrameType.windowUpdate, 0, 0, numberOf(0)), ErrorCode.protocol],
  [
    'WINDOW_UPDATE on a stream that was never opened',
    frame(FrameType.windowUpdate, 0, 1, numberOf(1)),
    ErrorCode.protocol,
  ],
  ['WINDOW_UPDATE beyond 2^31', frame(FrameType.windowUpdate, 0, 0, numberOf(2 ** 31 - 1)), ErrorCode.flowControl],
  ['WINDOW_UPDATE of three bytes', frame(FrameType.windowUpdate, 0, 0, Buffer.alloc(3)), ErrorCode.frameSize],
  ['PING of nine bytes', frame(FrameType.ping, 0, 0, Buffer.alloc(9)), ErrorCode.frameSize],
  ['PING of a stream', frame(FrameType.ping, 0, 1, Buffer.alloc(8)), ErrorCode.protocol],
  ['PRIORITY of four bytes', frame(FrameType.priority, 0, 1, Buffer.alloc(4)), ErrorCode.frameSize],
  ['PUSH_PROMISE', frame(FrameType.pushPromise, Flag.endHeaders, 1, Buffer.alloc(8)), ErrorCode.protocol],
  ['GOAWAY of a stream', frame(FrameType.goAway, 0, 1, Buffer.alloc(8)), ErrorCode.protocol],
  [
    'an answer to settings with a payload',
    frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(6)),
    ErrorCode.frameSize,
  ],
  ['a frame that is too large', frame(FrameType.data, 0, 1, large), ErrorCode.frameSize],
  [
    'more padding than frame',
    frame(FrameType.headers, Flag.endHeaders | Flag.padded, 1, Buffer.of(9, 0x82)),
    ErrorCode.protocol,
  ],
  ['no room for the padding', frame(FrameType.headers, Flag.endHeaders | Flag.padded, 1, none), ErrorCode.frameSize],
  ['CONTINUATION without HEADERS', frame(FrameType.continuation, Flag.endHeaders, 1, fields), ErrorCode.protocol],
  [
    'a header block that is interrupted',
    Buffer.concat([frame(FrameType.headers, 0, 1, fields), frame(FrameType.ping, 0, 0, Buffer.alloc(8))]),
    ErrorCode.protocol,
  ],
  [
    'a header block that goes on for another stream',
    Buffer.concat([frame(FrameType.headers, 0, 1, fields), frame(FrameType.continuation, 0, 3, fields)]),
    ErrorCode.protocol,
  ],
  [
    'a header block that is none',
    frame(FrameType.headers, Flag.endHeaders, 1, Buffer.of(0xff, 0xff)),
    ErrorCode.compression,
  ],
  [
    'a flood of CONTINUATION',
    Buffer.concat([
      frame(FrameType.headers, 0, 1, fields),
      repeat(frame(FrameType.continuation, 0, 1, Buffer.alloc(10_000)), 7),
    ]),
    ErrorCode.enhanceYourCalm,
  ],
  [
    'a flood of empty CONTINUATION',
    Buffer.concat([frame(FrameType.headers, 0, 1, fields), repeat(frame(FrameType.continuation, 0, 1, none), 3_000)]),
    ErrorCode.enhanceYourCalm,
  ],
  ['a flood of PING', repeat(frame(FrameType.ping, 0, 0, Buffer.alloc(8)), 3_000), ErrorCode.enhanceYourCalm],
  ['a flood of SETTINGS', repeat(settingsOf([4, 1]), 3_000), ErrorCode.enhanceYourCalm],
  ['a flood of PRIORITY', repeat(frame(FrameType.priority, 0, 1, Buffer.alloc(5)), 3_000), ErrorCode.enhanceYourCalm],
  ['a flood of frames that nobody knows', repeat(frame(0xee as 0, 0, 1, none), 3_000), ErrorCode.enhanceYourCalm],
  ['a flood of empty DATA', Buffer.concat([headersOf(1), repeat(dataOf(1, none), 3_000)]), ErrorCode.enhanceYourCalm],
  [
    'streams that are opened and given up at once',
    streams(3_000, (id) => Buffer.concat([headersOf(id), frame(FrameType.reset, 0, id, numberOf(8))])),
    ErrorCode.enhanceYourCalm,
  ],
  [
    'streams that make us give them up',
    streams(3_000, (id) => headersOf(id, [...post, ['Upper', '1']])),
    ErrorCode.enhanceYourCalm,
  ],
])('%s: the connection ends', async (_what, bytes, code) => {
  await using client = await openRawHttp2(server.port);
  client.send(bytes);
  const { payload } = await client.frame(FrameType.goAway);
  expect([payload.readUInt32BE(4), payload.toString('latin1', 8)]).toEqual([code, expect.any(String)]);
  await until(() => client.isClosed, 'the connection is closed');
});

const wrong = (...more: readonly Field[]): Uint8Array => headersOf(1, [...post, ...more], true);

test.each<[string, Uint8Array, number]>([
  ['a name in upper case', wrong(['Upper', '1']), ErrorCode.protocol],
  ['a name that is none', wrong(['a b', '1']), ErrorCode.protocol],
  ['a value with a line feed', wrong(['a', '1\n2']), ErrorCode.protocol],
  ['a value with a space before it', wrong(['a', ' 1']), ErrorCode.protocol],
  ['a pseudo-header that nobody knows', wrong([':nothing', '1']), ErrorCode.protocol],
  ['a pseudo-header after the others', headersOf(1, [['a', '1'], ...post], true), ErrorCode.protocol],
  ['a path twice', wrong([':path', '/y']), ErrorCode.protocol],
  ['no path', headersOf(1, post.slice(0, 2), true), ErrorCode.protocol],
  ['an empty path', headersOf(1, [...post.slice(0, 2), [':path', '']], true), ErrorCode.protocol],
  ['transfer-encoding', wrong(['transfer-encoding', 'chunked']), ErrorCode.protocol],
  ['te other than trailers', wrong(['te', 'gzip']), ErrorCode.protocol],
  ['a content-length that is no number', wrong(['content-length', '1x']), ErrorCode.protocol],
  ['less than content-length', wrong(['content-length', '1']), ErrorCode.protocol],
  [
    'more than content-length',
    Buffer.concat([headersOf(1, [...post, ['content-length', '1']]), dataOf(1, Buffer.alloc(2))]),
    ErrorCode.protocol,
  ],
  ['trailers that do not end', Buffer.concat([headersOf(1), headersOf(1, [['a', '1']])]), ErrorCode.protocol],
  [
    'a pseudo-header in trailers',
    Buffer.concat([headersOf(1), headersOf(1, [[':path', '/']], true)]),
    ErrorCode.protocol,
  ],
  [
    'headers that are too large',
    wrong(...Array.from({ length: 2_500 }, (): Field => ['a', ''])),
    ErrorCode.enhanceYourCalm,
  ],
  [
    'WINDOW_UPDATE of a stream by 0',
    Buffer.concat([headersOf(1), frame(FrameType.windowUpdate, 0, 1, numberOf(0))]),
    ErrorCode.protocol,
  ],
  [
    'WINDOW_UPDATE of a stream beyond 2^31',
    Buffer.concat([headersOf(1), frame(FrameType.windowUpdate, 0, 1, numberOf(2 ** 31 - 1))]),
    ErrorCode.flowControl,
  ],
])('%s: the stream is reset, and the next one is served', async (_what, bytes, code) => {
  await using client = await openRawHttp2(server.port);
  client.send(bytes, headersOf(3, post, true));
  expect((await client.frame(FrameType.reset, 1)).payload.readUInt32BE(0)).toBe(code);
  await client.frame(FrameType.headers, 3);
  expect(client.frames.filter(({ type }) => type === FrameType.goAway)).toEqual([]);
});

test('DATA after the end is an error of the stream alone', async () => {
  await using client = await openRawHttp2(server.port);
  client.send(get, dataOf(1, Buffer.alloc(3)), headersOf(3, post, true));
  expect((await client.frame(FrameType.reset, 1)).payload.readUInt32BE(0)).toBe(ErrorCode.streamClosed);
  await client.frame(FrameType.headers, 3);
});

test('a thousand streams may be open, and no more; what is refused may be asked again', async () => {
  await using client = await openRawHttp2(server.port);
  client.send(streams(1_001, (id) => headersOf(id)));
  expect((await client.frame(FrameType.reset, 2_001)).payload.readUInt32BE(0)).toBe(ErrorCode.refusedStream);
  client.send(dataOf(1, none, true));
  await client.frame(FrameType.headers, 1);
  client.send(headersOf(2_003, post, true));
  await client.frame(FrameType.headers, 2_003);
});

test.each([
  ['nothing of HTTP/2', Buffer.from('PRI * HTTP/2.1\r\n\r\n')],
  ['a preface that is wrong at its end', Buffer.concat([preface.subarray(0, 23), Buffer.from('x')])],
])('a connection that begins with %s is none of HTTP/2', async (_what, bytes) => {
  await using client = await openRawHttp2(server.port, none);
  await using other = await openRawHttp2(server.port);
  client.socket.destroy();
  const { connect } = await import('node:net');
  const socket = connect(server.port, '127.0.0.1');
  let [isClosed, got] = [false, 0];
  socket
    .on('error', () => undefined)
    .on('close', () => (isClosed = true))
    .on('data', (chunk) => (got += chunk.length));
  socket.write(bytes);
  await until(() => isClosed, 'it is closed');
  expect(got).toBe(0);
  other.send(get);
  await other.frame(FrameType.headers, 1);
});
