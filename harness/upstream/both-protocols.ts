/** One port for HTTP in the clear and over TLS: the first byte that a client sends tells which. */
import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/** With which a record of a TLS handshake begins (RFC 8446 §5.1). */
const handshake = 22;

export class BothProtocols extends NetServer {
  readonly #plain: Server;
  readonly #secure: Server;
  /** Kept here: servers that do not listen themselves keep no list of their connections. */
  readonly #open = new Set<Socket>();

  /** The two are given connections, and do not listen. */
  constructor(plain: Server, secure: Server) {
    super({ noDelay: true });
    this.#plain = plain;
    this.#secure = secure;
    this.on('connection', (socket) => this.#hear(socket));
  }

  closeAllConnections(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #hear(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket)).on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === handshake ? this.#secure : this.#plain).emit('connection', socket);
      // Of its own accord a socket that was paused goes on for neither of them.
      process.nextTick(() => socket.resume());
    });
  }
}
