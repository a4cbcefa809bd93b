/** All HTTP/2 connections of a server: what one timer looks after, and what is left when it stops. */
import type { Socket } from 'node:net';
import { Http2Connection } from './connection.ts';
import type { Serve } from './inbound.ts';
import { lookMs } from './liveness.ts';

export class Http2Connections {
  readonly #open = new Set<Http2Connection>();
  readonly #serve: Serve;
  readonly #looking: NodeJS.Timeout;
  #closed: () => void = () => undefined;

  constructor(serve: Serve) {
    this.#serve = serve;
    this.#looking = setInterval(() => {
      for (const connection of this.#open) connection.look();
    }, lookMs).unref();
  }

  /** The client has sent the preface of HTTP/2, which is no longer in the socket. */
  accept(socket: Socket): Http2Connection {
    const connection = new Http2Connection(socket, this.#serve);
    this.#open.add(connection);
    socket.once('close', () => {
      this.#open.delete(connection);
      this.#closed();
    });
    return connection;
  }

  /** Clients are asked to go on elsewhere; resolves when the last one has. */
  async leave(): Promise<void> {
    for (const connection of this.#open) connection.leave();
    while (this.#open.size > 0) await new Promise<void>((resolve) => (this.#closed = resolve));
  }

  close(): void {
    clearInterval(this.#looking);
  }
}
