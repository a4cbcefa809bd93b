/** Which protocol a client speaks, by the first bytes of its connection. */
import type { Socket } from 'node:net';

/** How every HTTP/2 connection begins (RFC 9113, 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export interface Protocols {
  readonly http1: (socket: Socket) => void;
  /** The preface has been read. */
  readonly http2: (socket: Socket) => void;
}

/** `withinMs`: a client that has not shown by then what it speaks is left. Milliseconds. */
export function tellProtocol(socket: Socket, protocols: Protocols, withinMs: number): void {
  let seen: Buffer = Buffer.alloc(0);
  const leave = (): void => void socket.destroy();
  const late = setTimeout(leave, withinMs);
  const take = (chunk: Buffer): void => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, preface.length);
    const isHttp2 = seen.subarray(0, length).equals(preface.subarray(0, length));
    if (isHttp2 && length < preface.length) return;
    clearTimeout(late);
    socket.off('data', take).off('end', leave);
    socket.pause();
    const rest = isHttp2 ? seen.subarray(length) : seen;
    if (rest.length > 0) socket.unshift(rest);
    protocols[isHttp2 ? 'http2' : 'http1'](socket);
    socket.resume();
  };
  socket
    .on('data', take)
    .once('end', leave)
    .once('close', () => clearTimeout(late));
}
