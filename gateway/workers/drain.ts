/** An HTTP server that can be stopped without cutting off what it is answering. */
import type { RequestListener, Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** In this time a request that was under way when draining began is read, also on a host that is busy. Milliseconds. */
const arrivedMs = 1_000;
/** How soon a connection is closed after its last answer. Milliseconds. */
const closeIdleMs = 20;

export interface Drainable {
  readonly server: Server;
  /** Takes no more connections; resolves when the last request is answered, or its time is up. Safe to call again. */
  readonly drain: () => Promise<void>;
}

/** Requests that are under way get `drainMs`. */
export function drainable(
  create: (listener: RequestListener) => Server,
  handle: RequestListener,
  drainMs: number,
): Drainable {
  let draining: Promise<void> | undefined;
  const server = create((request, response) => {
    // A client that keeps its connection busy would never let it become idle: it is told to open another.
    if (draining !== undefined) response.shouldKeepAlive = false;
    handle(request, response);
  });
  return {
    server,
    drain: () => (draining ??= closed(server, drainMs)),
  };
}

function closed(server: Server, drainMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // Not http's own close: that one ends idle connections at once, also those whose next request has already arrived
  // and is about to be read. Each of them would be reset.
  NetServer.prototype.close.call(server, () => resolve());
  const idleFrom = performance.now() + arrivedMs;
  const idle = setInterval(() => {
    // After the requests that have arrived while this process was kept busy have been read.
    if (performance.now() > idleFrom) setImmediate(() => server.closeIdleConnections());
  }, closeIdleMs);
  const deadline = setTimeout(() => resolve(), drainMs);
  return promise.finally(() => {
    clearInterval(idle);
    clearTimeout(deadline);
  });
}
