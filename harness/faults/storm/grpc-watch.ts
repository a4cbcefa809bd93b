/**
 * One watch of a prefix over gRPC on a connection of its own, from hand-made frames: what one more gateway worker is to
 * etcd or to the watch proxy, at a few microseconds an event. A thousand of them fit beside what is measured; a thousand
 * clients of a gRPC library would be the bottleneck themselves.
 */
import { type Socket, connect } from 'node:net';
import { FrameReader, flag, frame, frameType, headerBlock, preface, windowUpdates } from './frames.ts';

export interface WatchListener {
  /** The server has confirmed the watch. */
  created(): void;
  /** Bytes of its messages, cut anywhere; only valid during the call. */
  data(piece: Buffer): void;
  /** It is over, and not by us. */
  lost(why: string): void;
}

const stream = 1;
/** HTTP/2 begins with windows of 65,535 bytes; half of that taken, the server is told. */
const tellAfter = 32_768;
/** Shared: a read is handled before the next one fills it. */
const readBuffer = Buffer.allocUnsafe(65_536);

/** Watches from now on. Destroying the socket ends it. */
export function openGrpcWatch(url: URL, prefix: string, listener: WatchListener): Socket {
  const reader = new FrameReader(respond(() => socket, listener));
  const callback = (count: number, bytes: Uint8Array): boolean => {
    reader.take(Buffer.from(bytes.buffer, bytes.byteOffset, count));
    return true;
  };
  const onread = { buffer: readBuffer, callback };
  const socket: Socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true, onread });
  socket.once('error', (error) => listener.lost(error.message));
  socket.once('end', () => listener.lost('the server closed the connection'));
  socket.write(opening(url, prefix));
  return socket;
}

function respond(socket: () => Socket, listener: WatchListener): ConstructorParameters<typeof FrameReader>[0] {
  let confirmed = false;
  let untold = 0;
  let ping = Buffer.alloc(0);
  return {
    piece(type, payload) {
      if (type === frameType.ping) ping = Buffer.concat([ping, payload]);
      if (type !== frameType.data) return;
      // The first message answers the creation.
      if (!confirmed) listener.created();
      confirmed = true;
      listener.data(payload);
    },
    end(type, flags, length) {
      if (type === frameType.data) untold += length;
      if (untold >= tellAfter) {
        socket().write(windowUpdates(stream, untold));
        untold = 0;
      }
      const asked = (flags & flag.ack) === 0;
      if (type === frameType.settings && asked) socket().write(frame(frameType.settings, flag.ack, 0));
      if (type === frameType.ping && asked) socket().write(frame(frameType.ping, flag.ack, 0, ping));
      if (type === frameType.ping) ping = Buffer.alloc(0);
      const trailers = type === frameType.headers && (flags & flag.endStream) !== 0;
      if (type === frameType.reset || type === frameType.goAway || trailers)
        listener.lost('the server ended the watch');
    },
  };
}

/** All that the client has to say: the connection, the request, and one message that creates the watch. */
function opening({ host }: URL, prefix: string): Buffer {
  const headers = headerBlock({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': '/etcdserverpb.Watch/Watch',
    ':authority': host,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  return Buffer.concat([
    preface,
    frame(frameType.settings, 0, 0),
    frame(frameType.headers, flag.endHeaders, stream, headers),
    frame(frameType.data, 0, stream, grpcMessage(watchCreateRequest(prefix))),
  ]);
}

function grpcMessage(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** WatchCreateRequest{key=1, range_end=2} inside WatchRequest{create_request=1}; the prefix is a short one. */
function watchCreateRequest(prefix: string): Buffer {
  const key = Buffer.from(prefix);
  const end = Buffer.from(key);
  end.writeUInt8(end.readUInt8(end.length - 1) + 1, end.length - 1);
  return field(1, Buffer.concat([field(1, key), field(2, end)]));
}

/** A field of bytes; below 128 of them its length is one byte. */
function field(number: number, payload: Buffer): Buffer {
  if (payload.length > 127) throw new RangeError('the prefix is too long');
  return Buffer.concat([Buffer.of((number << 3) | 2, payload.length), payload]);
}
