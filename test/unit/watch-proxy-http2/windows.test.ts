/** Windows in both directions: no more is sent, taken or held than they allow, and nobody is starved by another. */
import { expect, test } from 'vitest';
import { ErrorCode } from '../../../gateway/watch-proxy/http2/errors.ts';
import { Flag, FrameType } from '../../../gateway/watch-proxy/http2/frames.ts';
import { receiveWindow } from '../../../gateway/watch-proxy/http2/settings.ts';
import { SharedData } from '../../../gateway/watch-proxy/http2/shared-data.ts';
import { until } from '../../support/http.ts';
import {
  bytesOf,
  dataOf,
  first,
  headersOf,
  initialWindow,
  ok,
  openRawHttp2,
  post,
  startNoting,
  update,
} from '../../support/raw-http2.ts';

test('no more is sent than the window of the stream allows, and what waits is counted', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port, initialWindow(10));
  client.send(headersOf(1));
  const { stream, events } = await first(server);
  stream.respond(ok);
  const body = bytesOf(25);
  stream.write(new SharedData(body.subarray(0, 15)));
  stream.write(body.subarray(15));
  stream.end([['grpc-status', '0']]);
  await until(() => client.body(1).length === 10, 'ten bytes');
  expect([stream.waiting, stream.isBlocked]).toEqual([15, true]);
  client.send(update(1, 3));
  await until(() => client.body(1).length === 13, 'three more');
  // A change of the settings counts for streams that are open; here it takes more away than there is.
  client.send(initialWindow(0), update(1, 10), initialWindow(8));
  await until(() => client.body(1).length === 21, 'eight more');
  client.send(update(1, 100));
  await until(() => client.body(1).length === 25, 'the rest');
  expect(client.body(1)).toEqual(body);
  await until(
    () => client.frames.some((each) => each.type === FrameType.headers && (each.flags & Flag.endStream) !== 0),
    'trailers',
  );
  // It had its answer: it need not send the rest of its request.
  expect((await client.frame(FrameType.reset, 1)).payload.readUInt32BE(0)).toBe(ErrorCode.none);
  expect(events).toEqual(['close']);
});

test('what is offered is written until more waits than was said, and not at all when the stream is over', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port, initialWindow(10));
  client.send(headersOf(1));
  const { stream } = await first(server);
  stream.respond(ok);
  const event = new SharedData(bytesOf(30));
  expect(stream.offer(event, 20)).toBe(true);
  await until(() => client.body(1).length === 10, 'what the window lets through');
  expect([stream.offer(event, 19), stream.isFull(19), stream.waiting]).toEqual([false, true, 20]);
  expect([stream.offer(event, 20), stream.isFull(20), stream.waiting]).toEqual([true, true, 50]);
  client.send(update(1, 100));
  await until(() => client.body(1).length === 60, 'what was written, and no more');
  expect(stream.isFull(0)).toBe(false);
  stream.reset(ErrorCode.cancel);
  expect([stream.offer(event, 20), stream.isFull(20)]).toEqual([false, true]);
});

test('streams that wait for the window of the connection get a frame each in turn', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port, initialWindow(1_000_000));
  client.send(headersOf(1), headersOf(3), headersOf(5));
  await until(() => server.seen.length === 3, 'three streams');
  const body = bytesOf(100_000);
  for (const { stream } of server.seen) {
    stream.respond(ok);
    stream.write(body);
    stream.end();
  }
  await until(() => client.body(1).length === 65_535, 'the whole window');
  const before = client.frames.length;
  client.send(update(0, 6 * 16_384));
  await until(() => client.frames.length >= before + 6, 'six frames');
  const after = client.frames.slice(before, before + 6).map(({ streamId }) => streamId);
  expect(after.toSorted((a, b) => a - b)).toEqual([1, 1, 3, 3, 5, 5]);
  client.send(update(0, 1_000_000));
  await until(() => [1, 3, 5].every((id) => client.body(id).length === body.length), 'all');
  for (const id of [1, 3, 5]) expect(client.body(id).equals(body)).toBe(true);
});

test('the listener hears when what waited for the window has left', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port, initialWindow(10));
  client.send(headersOf(1));
  const { stream, events } = await first(server);
  stream.respond(ok);
  stream.write(bytesOf(20));
  expect(stream.isBlocked).toBe(true);
  client.send(update(1, 5));
  await until(() => client.body(1).length === 15, 'a part');
  expect(events).toEqual([]);
  client.send(update(1, 5));
  await until(() => events.length > 0, 'an event');
  expect(events).toEqual(['drain']);
  expect(stream.isBlocked).toBe(false);
});

test('while nobody takes it a client is not let send more than the window, and then all of it comes in order', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  client.send(headersOf(1));
  const { stream, parts, events } = await first(server);
  stream.pause();
  const body = bytesOf(receiveWindow.stream);
  for (let at = 0; at < body.length; at += 16_384) client.send(dataOf(1, body.subarray(at, at + 16_384)));
  client.send(headersOf(3, post, true));
  await until(() => server.seen.length === 2, 'everything has come');
  expect(parts).toEqual([]);
  expect(client.frames.some(({ type, streamId }) => type === FrameType.windowUpdate && streamId === 1)).toBe(false);
  stream.resume();
  expect(Buffer.concat(parts).equals(body)).toBe(true);
  expect((await client.frame(FrameType.windowUpdate, 1)).payload.readUInt32BE(0)).toBeGreaterThanOrEqual(
    body.length / 2,
  );
  client.send(dataOf(1, Buffer.from('more'), true));
  await until(() => events.includes('end'), 'the end of the request');
});

test('who sends more than the window of a stream is reset, and the others lose nothing by it', async () => {
  await using server = await startNoting();
  await using client = await openRawHttp2(server.port);
  const send = (streamId: number, bytes: number): void => {
    for (let left = bytes; left > 0; left -= 16_384)
      client.send(dataOf(streamId, Buffer.alloc(Math.min(left, 16_384))));
  };
  // Together more than the window of the connection: what is held for a stream that ends is given back.
  for (let id = 1; id <= 15; id += 2) {
    client.send(headersOf(id));
    await until(() => server.seen.length === (id + 1) / 2, 'the stream');
    server.seen.at(-1)?.stream.pause();
    send(id, receiveWindow.stream + 1);
    expect((await client.frame(FrameType.reset, id)).payload.readUInt32BE(0)).toBe(ErrorCode.flowControl);
  }
  expect(client.frames.some(({ type }) => type === FrameType.goAway)).toBe(false);
});
