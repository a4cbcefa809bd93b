/** What comes and goes on streams: whole and in parts, given up, and asked to leave. */
import { expect, test } from 'vitest';
import { ErrorCode } from '../../../gateway/watch-proxy/http2/errors.ts';
import { Flag, FrameType, frame } from '../../../gateway/watch-proxy/http2/frames.ts';
import { HpackDecoder } from '../../../gateway/watch-proxy/http2/hpack/decoder.ts';
import { encodeFields } from '../../../gateway/watch-proxy/http2/hpack/encoder.ts';
import { SharedData } from '../../../gateway/watch-proxy/http2/shared-data.ts';
import { until } from '../../support/http.ts';
import {
  bytesOf,
  dataOf,
  first,
  headersOf,
  initialWindow,
  numberOf,
  ok,
  openRawHttp2,
  post,
  settingsOf,
  startNoting,
  update,
} from '../../support/raw-http2.ts';

test.each([
  ['one', undefined, [16_384, 16_384, 7_232]],
  ['one', 20_000, [20_000, 20_000]],
  ['many', undefined, [16_384, 16_384, 7_232]],
  // The same frames for all: as everybody takes them.
  ['many', 20_000, [16_384, 16_384, 7_232]],
])('40000 bytes for %s are cut, with a largest frame of %s', async (whom, maxFrame, lengths) => {
  await using server = await startNoting();
  const settings = maxFrame === undefined ? settingsOf() : settingsOf([5, maxFrame]);
  await using client = await openRawHttp2(server.port, settings);
  // Our reader in this test takes no larger frames than our server allows others.
  client.send(headersOf(1));
  const { stream } = await first(server);
  let raw = Buffer.alloc(0);
  client.socket.removeAllListeners('data');
  client.socket.on('data', (chunk: Buffer) => (raw = Buffer.concat([raw, chunk])));
  stream.respond(ok);
  const bytes = bytesOf(40_000);
  stream.write(whom === 'many' ? new SharedData(bytes) : bytes);
  const found = (): number[] => {
    const lengths: number[] = [];
    for (let at = 0; at + 9 <= raw.length; at += 9 + raw.readUIntBE(at, 3)) {
      if (raw[at + 3] === FrameType.data) lengths.push(raw.readUIntBE(at, 3));
    }
    return lengths;
  };
  await until(() => raw.length >= 40_000 + 9 * lengths.length, 'all bytes');
  expect(found()).toEqual(lengths);
});

test('what takes several frames is whole behind their heads, and no longer framed once for many streams', () => {
  const bytes = bytesOf(40_000);
  const shared = new SharedData(bytes);
  const frames = Buffer.concat([0, 16_384, 32_768].map((at) => dataOf(3, bytes.subarray(at, at + 16_384))));
  expect(shared.frames).toBe(3);
  expect(shared.framed(3)?.equals(frames)).toBe(true);
  const others = [1, 5, 7, 9, 11].map((streamId) => shared.framed(streamId));
  expect(others.map((each) => each !== undefined)).toEqual([true, true, true, false, false]);
  expect(shared.framed(5)).toBe(others[1]);
  expect(shared.framed(3)?.equals(frames)).toBe(true);
});

test('trailers that are larger than a frame go on in CONTINUATION', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  client.send(headersOf(1, post, true));
  const { stream } = await first(server);
  const message = 'm'.repeat(40_000);
  stream.respond([...ok, ['grpc-message', message]], true);
  await until(
    () => client.frames.some(({ flags, type }) => type === FrameType.continuation && (flags & Flag.endHeaders) !== 0),
    'the end of the block',
  );
  const block = client.frames.filter(({ streamId }) => streamId === 1);
  expect(block.map(({ type }) => type)).toEqual([FrameType.headers, FrameType.continuation, FrameType.continuation]);
  expect(block[0]?.flags).toBe(Flag.endStream);
  const { fields } = new HpackDecoder().decode(Buffer.concat(block.map(({ payload }) => payload)), 1e6);
  expect(fields).toEqual([...ok, ['grpc-message', message]]);
});

test('a request with padding, priority and a block in three frames is read as it is meant', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  const block = encodeFields([...post, ['cookie', 'a=1'], ['cookie', 'b=2'], ['x', '1'], ['x', '2']]);
  const padded = Buffer.concat([Buffer.of(3, 0, 0, 0, 0, 16), block.subarray(0, 5), Buffer.alloc(3)]);
  client.send(
    frame(FrameType.priority, 0, 7, Buffer.alloc(5)),
    frame(0x99 as 0, 0xff, 0, Buffer.from('unknown')),
    frame(FrameType.headers, Flag.padded | Flag.priority, 1, padded),
    frame(FrameType.continuation, 0, 1, block.subarray(5, 6)),
    frame(FrameType.continuation, Flag.endHeaders, 1, block.subarray(6)),
    frame(
      FrameType.data,
      Flag.padded | Flag.endStream,
      1,
      Buffer.concat([Buffer.of(2), Buffer.from('body'), Buffer.alloc(2)]),
    ),
  );
  const { stream, parts, events } = await first(server);
  await until(() => events.includes('end'), 'the end of the request');
  expect({ ...stream.headers }).toEqual({ ...Object.fromEntries(post), cookie: 'a=1; b=2', x: '1, 2' });
  expect(Buffer.concat(parts).toString()).toBe('body');
});

test('every byte on its own makes the same request', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  for (const byte of Buffer.concat([headersOf(1), dataOf(1, Buffer.from('body'), true)])) {
    client.socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { parts, events } = await first(server);
  await until(() => events.includes('end'), 'the end of the request');
  expect(Buffer.concat(parts).toString()).toBe('body');
});

test('bytes for many are framed once for all streams of one id', () => {
  const shared = new SharedData(Buffer.from('event'));
  expect(shared.framed(1)).toBe(shared.framed(1));
  expect(shared.framed(3)).toBe(shared.framed(3));
  expect(shared.framed(3)).toEqual(dataOf(3, Buffer.from('event')));
  expect(shared.framed(1)).toEqual(dataOf(1, Buffer.from('event')));
});

test('a client that is asked to leave finishes what it has begun, and is refused more once it knows', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  client.send(headersOf(1));
  const { stream } = await first(server);
  void server.connections.leave();
  const { payload } = await client.frame(FrameType.goAway);
  expect([payload.readUInt32BE(0), payload.readUInt32BE(4)]).toEqual([2 ** 31 - 1, ErrorCode.none]);
  // It did not know yet.
  client.send(headersOf(3));
  await until(() => server.seen.length === 2, 'the second is served');
  const ping = await client.frame(FrameType.ping);
  client.send(frame(FrameType.ping, Flag.ack, 0, ping.payload));
  await until(() => client.frames.filter(({ type }) => type === FrameType.goAway).length === 2, 'the last word');
  expect(client.frames.findLast(({ type }) => type === FrameType.goAway)?.payload.readUInt32BE(0)).toBe(3);
  client.send(headersOf(5), dataOf(5, Buffer.alloc(10)));
  for (const { stream } of server.seen) {
    stream.respond(ok);
    stream.end();
  }
  await until(() => client.isClosed, 'the connection ends');
  expect(stream.isClosed).toBe(true);
  expect(server.seen).toHaveLength(2);
});

test('PING is answered with what it brought, SETTINGS with an answer', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  client.send(frame(FrameType.ping, 0, 0, Buffer.from('12345678')));
  const answer = await client.frame(FrameType.ping);
  expect([answer.flags, answer.payload.toString()]).toEqual([Flag.ack, '12345678']);
  await until(
    () => client.frames.some(({ type, flags }) => type === FrameType.settings && flags === Flag.ack),
    'the answer',
  );
});

test('PINGs as gRPC sends them, one for each answer, are never too many', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port, initialWindow(1_000_000));
  client.send(headersOf(1), update(0, 1_000_000));
  const { stream } = await first(server);
  stream.respond(ok);
  const answers = (): number => client.frames.filter(({ type }) => type === FrameType.ping).length;
  for (let n = 0; n < 3_000; n++) {
    stream.write(new SharedData(Buffer.from('event')));
    client.send(frame(FrameType.ping, 0, 0, Buffer.alloc(8)));
    if (n % 100 === 0) await until(() => answers() > n, 'the answers');
  }
  await until(() => answers() === 3_000, 'all answers');
});

test('a stream that the client gives up is over, and so is every stream of a connection that is gone', async () => {
  await using server = await startNoting();
  {
    await using client = await openRawHttp2(server.port);
    client.send(headersOf(1), headersOf(3));
    await until(() => server.seen.length === 2, 'two streams');
    client.send(frame(FrameType.reset, 0, 1, numberOf(ErrorCode.cancel)));
    await until(() => server.seen[0]?.events.includes('close') === true, 'the first is over');
    expect(server.seen[1]?.events).toEqual([]);
  }
  await until(() => server.seen[1]?.events.includes('close') === true, 'the second is over');
  // Nothing more comes of it, and nothing breaks.
  server.seen[1]?.stream.write(Buffer.from('late'));
  server.seen[1]?.stream.end();
});
