/** The door of a server: open, unless something holds it shut. */
import { once } from 'node:events';
import type { Server } from 'node:net';

/** Of HTTP, whichever way it comes. */
export interface Listening extends Server {
  closeAllConnections(): void;
}

export class Door {
  readonly #server: Listening;
  readonly #address: URL;
  readonly #heldBy = new Set<object>();
  /** Opening and closing take time, and must not overtake each other. */
  #moving: Promise<void> = Promise.resolve();

  constructor(server: Listening, address: URL) {
    this.#server = server;
    this.#address = address;
  }

  /** New connections are refused, and open ones closed, when it resolves. */
  shut(by: object): Promise<void> {
    this.#heldBy.add(by);
    return this.#move();
  }

  /** Takes connections when it resolves, unless another holds it shut; rejects when the address is lost. */
  release(by: object): Promise<void> {
    this.#heldBy.delete(by);
    return this.#move();
  }

  #move(): Promise<void> {
    // After one that failed, too: the next move is a new attempt.
    this.#moving = this.#moving.catch(() => undefined).then(() => this.#settle());
    return this.#moving;
  }

  async #settle(): Promise<void> {
    const open = this.#heldBy.size === 0;
    if (open === this.#server.listening) return;
    if (open) {
      this.#server.listen(Number(this.#address.port), this.#address.hostname);
      await once(this.#server, 'listening');
    } else {
      this.#server.close();
      this.#server.closeAllConnections();
      await once(this.#server, 'close');
    }
  }
}
