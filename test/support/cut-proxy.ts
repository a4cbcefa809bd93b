/** A TCP proxy that can hurt a whole connection: end it, refuse it, or fall silent without a word (NAT, conntrack). */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  readonly url: URL;
  /** Connections taken so far. */
  readonly connections: number;
  /** When each of those that were refused came, by `performance.now()`. */
  readonly refusedAt: readonly number[];
  /** Ends every open connection. */
  cut(): void;
  /** Ends every connection once so many more bytes have come from the server, and resolves then; 0 ends that. */
  cutAfter(bytes: number): Promise<void>;
  /** While refusing, every connection is ended as it comes. */
  refuse(refusing: boolean): void;
  /** While held, nothing is passed on, either way, on old connections and new ones; then everything is. */
  hold(held: boolean): void;
  /** Bytes of the connections open now are swallowed, both ways, until they are closed; new ones work. */
  blackhole(): void;
}

class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  #held = false;
  #swallows = false;

  constructor(client: Socket, server: Socket, fromServer: (bytes: number) => void) {
    this.#client = client;
    this.#server = server;
    this.#pass(client, server, () => undefined);
    this.#pass(server, client, fromServer);
  }

  hold(held: boolean): void {
    this.#held = held;
    for (const socket of [this.#client, this.#server]) {
      if (held) socket.pause();
      else socket.resume();
    }
  }

  swallow(): void {
    this.#swallows = true;
  }

  close(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  #pass(from: Socket, to: Socket, passed: (bytes: number) => void): void {
    from.on('data', (chunk: Buffer) => {
      if (this.#swallows) return;
      if (!to.write(chunk)) from.pause();
      passed(chunk.length);
    });
    to.on('drain', () => {
      if (!this.#held) from.resume();
    });
  }
}

export async function startCutProxy(upstream: URL): Promise<CutProxy> {
  const open = new Set<Pair>();
  let [refusing, held, connections, left] = [false, false, 0, 0];
  let onCut = (): void => undefined;
  const refusedAt: number[] = [];
  const cut = (): void => {
    for (const pair of open) pair.close();
  };
  const count = (bytes: number): void => {
    if (left === 0) return;
    left = Math.max(0, left - bytes);
    if (left > 0) return;
    cut();
    onCut();
  };
  const listener = createServer((client) => {
    if (refusing) {
      refusedAt.push(performance.now());
      return void client.destroy();
    }
    connections++;
    const server = connect(Number(upstream.port), upstream.hostname);
    const pair = new Pair(client, server, count);
    open.add(pair);
    if (held) pair.hold(true);
    for (const socket of [client, server]) {
      const over = (): void => {
        open.delete(pair);
        // What is on its way still arrives.
        client.destroySoon();
        server.destroySoon();
      };
      socket.on('error', over).on('end', over).on('close', over);
    }
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`),
    get connections() {
      return connections;
    },
    refusedAt,
    cut,
    cutAfter(bytes) {
      left = bytes;
      return new Promise((resolve) => (onCut = resolve));
    },
    refuse: (now) => void (refusing = now),
    hold(now) {
      held = now;
      for (const pair of open) pair.hold(now);
    },
    blackhole() {
      for (const pair of open) pair.swallow();
    },
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
