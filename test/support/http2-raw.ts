/** HTTP/2 by hand, to say what no library would. RFC 9113. */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const frameType = { data: 0, headers: 1, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 } as const;

export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** What a server must receive first. */
export const opening: Buffer = Buffer.concat([preface, frame(frameType.settings, 0, 0)]);

/** A header block without compression of any kind: literal, not indexed (RFC 7541, 6.2.2). Each text under 127 bytes. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const text = (value: string): Buffer => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
  return Buffer.concat(
    Object.entries(headers).map(([name, value]) => Buffer.concat([Buffer.of(0), text(name), text(value)])),
  );
}

export const watchHeaders: Buffer = headerBlock({
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/etcdserverpb.Watch/Watch',
  ':authority': 'x',
  'content-type': 'application/grpc',
  te: 'trailers',
});

/** A gRPC message: not compressed unless said otherwise. */
export function grpcMessage(payload: Buffer, compressed = 0, length: number = payload.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, payload]);
}

/** A stream that is open for requests, and the first of them. */
export function watchStream(message: Buffer): Buffer {
  return Buffer.concat([frame(frameType.headers, 4, 1, watchHeaders), frame(frameType.data, 0, 1, message)]);
}

export interface RawConnection {
  /** Everything that has come back. */
  readonly received: Buffer;
  readonly closed: boolean;
  readonly socket: Socket;
}

export async function connectRaw(url: URL, bytes: Buffer | string = ''): Promise<RawConnection> {
  const socket = connect(Number(url.port), url.hostname);
  const chunks: Buffer[] = [];
  let closed = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined).on('close', () => (closed = true));
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return {
    socket,
    get received() {
      return Buffer.concat(chunks);
    },
    get closed() {
      return closed;
    },
  };
}
