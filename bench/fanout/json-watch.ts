/** One watch of a prefix through etcd's JSON gateway on a connection of its own, its bytes as they come. */
import { type Socket, connect } from 'node:net';
import type { WatchListener } from '../../harness/faults/storm/grpc-watch.ts';
import { prefixRange } from '../../test/support/json-watch.ts';

const created = Buffer.from('"created":true');
/** Shared: a read is handled before the next one fills it. */
const readBuffer = Buffer.allocUnsafe(65_536);

export function openJsonWatch(url: URL, prefix: string, listener: WatchListener): Socket {
  const body = JSON.stringify({ create_request: prefixRange(prefix) });
  let confirmed = false;
  const callback = (count: number, bytes: Uint8Array): boolean => {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, count);
    // The answer to the creation comes in one piece: nothing is before it.
    if (!confirmed && piece.includes(created)) {
      confirmed = true;
      listener.created();
    }
    listener.data(piece);
    return true;
  };
  const onread = { buffer: readBuffer, callback };
  const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true, onread });
  socket.once('error', (error) => listener.lost(error.message));
  socket.once('end', () => listener.lost('the server closed the connection'));
  socket.write(`POST /v3/watch HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return socket;
}
