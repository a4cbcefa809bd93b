/** WebSocket (RFC 6455): after the upstream has agreed, the gateway only carries bytes. */
import { type IncomingMessage, STATUS_CODES, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';

/** The client's half of an upgrade. */
export interface ClientUpgrade {
  readonly socket: Duplex;
  /** What the client sent right behind its request. */
  readonly head: Buffer;
}

/** Whether the server should hand the request over instead of answering it; other protocols are not carried. */
export function wantsUpgrade(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** A response for a request whose socket was handed over: it ends the connection, since nobody reads another request. */
export function responseOn(request: IncomingMessage, { socket }: ClientUpgrade): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  // What a server hands over is a socket, which the type of the event does not say.
  response.assignSocket(socket as Parameters<ServerResponse['assignSocket']>[0]);
  response.once('finish', () => {
    response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]);
    socket.end();
  });
  return response;
}

/** Tells the client that the upstream has agreed, and carries bytes both ways until either side is gone. */
export function join(
  client: ClientUpgrade,
  controller: Dispatcher.DispatchController,
  status: number,
  upstream: Duplex,
): void {
  const { socket, head } = client;
  const raw = (controller.rawHeaders ?? []) as readonly Buffer[];
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (let index = 0; index < raw.length; index += 2)
    lines.push(`${raw[index]?.toString('latin1')}: ${raw[index + 1]?.toString('latin1')}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  if (head.length > 0) upstream.write(head);
  socket.pipe(upstream).pipe(socket);
  // One side without the other is of no use to anybody, and would stay open for ever.
  for (const [one, other] of [
    [socket, upstream],
    [upstream, socket],
  ] as const) {
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
  }
}
