/**
 * A client that keeps every connection busy: raw sockets, one request at a time on each, no pipelining. It parses only
 * the first answer of a connection; the others have the same length. It must cost less than what it measures.
 */
import { type Socket, connect } from 'node:net';

export interface Assignment {
  readonly port: number;
  readonly connections: number;
  readonly targets: readonly { readonly host: string; readonly path: string }[];
  /** Bytes of the body that each request brings, as a POST; without, they are GETs. */
  readonly postBytes?: number | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
const expectedStart = Buffer.from('HTTP/1.1 200');
let answered = 0;
let paused = false;
/** What goes on with each connection that was answered meanwhile. */
const waiting: (() => void)[] = [];

/** Bytes of a whole answer of this kind; undefined while its head is not complete. */
function lengthOf(start: Buffer): number | undefined {
  const end = start.indexOf(headEnd);
  if (end < 0) return undefined;
  const length = /\r\ncontent-length: *(\d+)/i.exec(start.subarray(0, end).toString('latin1'))?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  return end + headEnd.length + Number(length);
}

function drive({ port, targets, postBytes }: Assignment, offset: number): void {
  const method = postBytes === undefined ? 'GET' : 'POST';
  const rest = postBytes === undefined ? '\r\n' : `Content-Length: ${postBytes}\r\n\r\n${'b'.repeat(postBytes)}`;
  const requests = targets.map(({ host, path }) =>
    Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${rest}`),
  );
  let turn = offset;
  let length: number | undefined;
  let received = 0;
  const next = (socket: Socket): void => {
    socket.write(requests[turn++ % requests.length] ?? '');
  };
  const onData = (count: number, bytes: Uint8Array): boolean => {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, count);
    if (received === 0 && chunk.compare(expectedStart, 0, expectedStart.length, 0, expectedStart.length) !== 0)
      throw new Error(`unexpected answer: ${chunk.subarray(0, 200).toString('latin1')}`);
    length ??= lengthOf(chunk);
    received += count;
    if (received !== length) return true;
    received = 0;
    answered++;
    if (paused) waiting.push(() => next(socket));
    else next(socket);
    return true;
  };
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: { buffer: Buffer.alloc(16_384), callback: onData },
  });
  socket.once('connect', () => next(socket));
  socket.once('error', (error) => {
    throw error;
  });
}

/** Told what to do once, then when to rest and when to go on. `tally` is answered with the number of answers so far. */
export type Order = Assignment | 'pause' | 'go' | 'tally';

process.on('message', (order: Order) => {
  if (order === 'tally') return void process.send?.(answered);
  if (order !== 'pause' && order !== 'go') {
    for (let index = 0; index < order.connections; index++) drive(order, index * 31);
    return;
  }
  paused = order === 'pause';
  if (!paused) for (const resume of waiting.splice(0)) resume();
});
