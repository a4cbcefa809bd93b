/** A watch over etcd's JSON gateway: requests in the body, one response a line. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { credentialsOf, type StreamOptions } from './grpc-watch.ts';
import { watchRequestOf } from './json-request.ts';
import { BadMessage, JsonSplitter } from './messages.ts';
import { JsonOutlet } from './outlets.ts';
import { WatchSession } from './watch-session.ts';

const mostBytes = 2_097_152;

export function serveJsonWatch(request: IncomingMessage, response: ServerResponse, options: StreamOptions): void {
  response.writeHead(200, { 'content-type': 'application/json', 'grpc-metadata-content-type': 'application/grpc' });
  response.flushHeaders();
  const { socket } = response;
  if (socket === null) return;
  // Chunks are made once for all watchers and go past the response, which would frame each anew.
  const outlet = new JsonOutlet(socket, options.bufferBytes);
  const end = (error?: { readonly code: number; readonly message: string }): void => {
    if (!socket.writable) return;
    const line = error === undefined ? '' : `${JSON.stringify({ error })}\n`;
    const chunk = line === '' ? '' : `${Buffer.byteLength(line).toString(16)}\r\n${line}\r\n`;
    socket.end(`${chunk}0\r\n\r\n`);
  };
  const unavailable = (message: string): void => end({ code: 14, message });
  const session = new WatchSession(options.service, outlet, credentialsOf(request.headers), unavailable);
  const open = { session, leave: () => end() };
  options.streams.add(open);
  const splitter = new JsonSplitter(mostBytes);
  const decoder = new StringDecoder('utf8');
  request.on('data', (chunk: Buffer) => {
    try {
      for (const value of splitter.push(decoder.write(chunk))) session.take(watchRequestOf(value));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      end({ code: error instanceof BadMessage && error.kind === 'too-large' ? 8 : 3, message });
    }
  });
  const drained = (): void => session.drained();
  socket.on('drain', drained);
  socket.once('close', () => {
    session.close();
    options.streams.delete(open);
  });
}
