/** A watch over etcd's JSON gateway, over HTTP/1.1 as nearly all clients have it, and over HTTP/2. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2Stream } from '../http2/stream.ts';
import type { StreamOptions } from './grpc-watch.ts';
import { leaderless, openJsonSession } from './json-session.ts';
import { Http2Outlet, JsonOutlet } from './outlets.ts';

const type = { 'content-type': 'application/json' };
/** As etcd's gateway has them. */
const head = { ...type, 'grpc-metadata-content-type': 'application/grpc' };

export function serveJsonWatch(request: IncomingMessage, response: ServerResponse, options: StreamOptions): void {
  const refusal = leaderless(request.headers, options);
  if (refusal !== undefined) {
    response.writeHead(503, { ...type, connection: 'close' }).end(refusal);
    return;
  }
  response.writeHead(200, head);
  response.flushHeaders();
  const { socket } = response;
  if (socket === null) return;
  const last = '0\r\n\r\n';
  const endWith = (chunks: string): void => void (socket.writable && socket.end(chunks));
  const end = (line: string): void => endWith(`${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n${last}`);
  // Chunks are made once for all watchers and go past the response, which would frame each anew.
  const outlet = new JsonOutlet(socket, options.bufferBytes);
  const carrier = { headers: request.headers, outlet, end, leave: () => endWith(last) };
  const session = openJsonSession(carrier, options);
  request.on('data', (chunk: Buffer) => session.take(chunk));
  socket.on('drain', () => session.drained());
  socket.once('close', () => session.close());
}

export function serveHttp2JsonWatch(stream: Http2Stream, options: StreamOptions): void {
  const { headers } = stream;
  const refusal = leaderless(headers, options);
  stream.respond([[':status', refusal === undefined ? '200' : '503'], ...Object.entries(head)]);
  if (refusal !== undefined) {
    stream.write(Buffer.from(refusal));
    return stream.end();
  }
  const end = (line: string): void => {
    stream.write(Buffer.from(line));
    stream.end();
  };
  const leave = (): void => {
    stream.leaveConnection();
    stream.end();
  };
  const outlet = new Http2Outlet('json-lines', stream, options.bufferBytes);
  const session = openJsonSession({ headers, outlet, end, leave }, options);
  stream.listen({
    data: (bytes) => session.take(bytes),
    // The requests are complete; what they asked for goes on, as it does over HTTP/1.1.
    end: () => undefined,
    drain: () => session.drained(),
    close: () => session.close(),
  });
}
