/** Clients of the harness's own while a step holds: they end with the harness, too. */
import { connect, type Socket } from 'node:net';

export class BadClients implements Disposable {
  readonly #to: URL;
  readonly #sockets = new Set<Socket>();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Of what each of them is there for. */
  done = 0;

  constructor(to: URL) {
    this.#to = to;
  }

  /** Those that are connected. */
  get open(): number {
    return [...this.#sockets].filter(({ readyState }) => readyState === 'open').length;
  }

  /** `act` has a connected socket, and says for itself when it is done. */
  send(act: (socket: Socket, host: string) => void): void {
    const socket = connect(Number(this.#to.port), this.#to.hostname);
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.once('connect', () => act(socket, this.#to.host));
  }

  /** By the clock: a harness that was kept from its timers makes up for those that it missed, so that the rate is as planned. */
  every(ms: number, act: () => void): void {
    let dueMs = performance.now() + ms;
    const catchUp = (): void => {
      for (; dueMs <= performance.now(); dueMs += ms) act();
    };
    this.#timers.push(setInterval(catchUp, ms));
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#sockets) socket.destroy();
  }
}
