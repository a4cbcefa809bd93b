/** HTTP/2 frame by frame: a client that does what the test says, and a server of ours for it. */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { tellProtocol } from '../../gateway/watch-proxy/downstream/protocol.ts';
import { Http2Connections } from '../../gateway/watch-proxy/http2/connections.ts';
import { Flag, type Frame, FrameReader, FrameType, frame } from '../../gateway/watch-proxy/http2/frames.ts';
import { encodeFields } from '../../gateway/watch-proxy/http2/hpack/encoder.ts';
import type { Field } from '../../gateway/watch-proxy/http2/hpack/static-table.ts';
import type { Serve } from '../../gateway/watch-proxy/http2/inbound.ts';
import type { Http2Stream } from '../../gateway/watch-proxy/http2/stream.ts';
import { until } from './http.ts';

export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly connections: Http2Connections;
}

export async function startRawHttp2(serve: Serve): Promise<RawServer> {
  const connections = new Http2Connections(serve);
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    const http2 = (socket: Socket): void => void connections.accept(socket);
    tellProtocol(socket, { http1: (socket) => socket.destroy(), http2 }, 5_000);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async [Symbol.asyncDispose]() {
      connections.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface RawClient extends AsyncDisposable {
  readonly frames: readonly Frame[];
  readonly socket: Socket;
  readonly isClosed: boolean;
  send(...parts: readonly Uint8Array[]): void;
  /** The first frame of the kind, perhaps of a stream. */
  frame(type: number, streamId?: number): Promise<Frame>;
  /** Bytes of DATA that came on the stream. */
  body(streamId: number): Buffer;
}

/** `settings`: what the client says first. */
export async function openRawHttp2(port: number, settings: Uint8Array = settingsOf()): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const frames: Frame[] = [];
  const reader = new FrameReader();
  let isClosed = false;
  socket.on('data', (chunk: Buffer) => frames.push(...reader.push(chunk)));
  socket.on('error', () => undefined);
  socket.on('close', () => (isClosed = true));
  socket.write(Buffer.concat([preface, settings]));
  const find = (type: number, streamId?: number): Frame | undefined =>
    frames.find((each) => each.type === type && (streamId === undefined || each.streamId === streamId));
  return {
    frames,
    socket,
    get isClosed() {
      return isClosed;
    },
    send: (...parts) => void socket.write(Buffer.concat(parts)),
    async frame(type, streamId) {
      await until(() => find(type, streamId) !== undefined, `frame ${type}; there are ${listOf(frames)}`);
      return find(type, streamId) as Frame;
    },
    body: (streamId) =>
      Buffer.concat(
        frames
          .filter((each) => each.type === FrameType.data && each.streamId === streamId)
          .map(({ payload }) => payload),
      ),
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await until(() => isClosed, 'the client is closed');
    },
  };
}

function listOf(frames: readonly Frame[]): string {
  return frames.map(({ type, streamId }) => `${type}@${streamId}`).join();
}

export function settingsOf(...settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * 6);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  }
  return frame(FrameType.settings, Flag.none, 0, payload);
}

export const post: readonly Field[] = [
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/x'],
];

export function headersOf(streamId: number, fields: readonly Field[] = post, endStream: boolean = false): Buffer {
  const flags = Flag.endHeaders | (endStream ? Flag.endStream : Flag.none);
  return frame(FrameType.headers, flags, streamId, encodeFields(fields));
}

export function dataOf(streamId: number, bytes: Uint8Array, endStream: boolean = false): Buffer {
  return frame(FrameType.data, endStream ? Flag.endStream : Flag.none, streamId, bytes);
}

/** Four bytes, as in WINDOW_UPDATE and RST_STREAM. */
export function numberOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What happened on a stream. */
export interface NotedStream {
  readonly stream: Http2Stream;
  readonly parts: Buffer[];
  readonly events: string[];
}

/** A server that notes what happens on its streams, and does nothing of its own. */
export async function startNoting(): Promise<RawServer & { readonly seen: readonly NotedStream[] }> {
  const seen: NotedStream[] = [];
  const server = await startRawHttp2((stream) => {
    const own: NotedStream = { stream, parts: [], events: [] };
    seen.push(own);
    stream.listen({
      data: (bytes) => own.parts.push(bytes),
      end: () => own.events.push('end'),
      drain: () => own.events.push('drain'),
      close: () => own.events.push('close'),
    });
  });
  return { ...server, seen };
}

export async function first(server: { readonly seen: readonly NotedStream[] }): Promise<NotedStream> {
  await until(() => server.seen.length > 0, 'a stream');
  return server.seen[0] as NotedStream;
}

export const ok: readonly Field[] = [[':status', '200']];

/** The client lets so many bytes come on each new stream. */
export function initialWindow(value: number): Buffer {
  return settingsOf([4, value]);
}

/** Stream 0: the connection. */
export function update(streamId: number, by: number): Buffer {
  return frame(FrameType.windowUpdate, Flag.none, streamId, numberOf(by));
}

/** Bytes of which no two near each other are alike. */
export function bytesOf(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => index % 251));
}
