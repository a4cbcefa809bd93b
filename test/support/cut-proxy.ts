/** A TCP proxy that can hurt a whole connection: end it, refuse it, or fall silent without a word (NAT, conntrack). */
import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

export interface CutProxy extends AsyncDisposable {
  readonly url: URL;
  /** Connections taken so far. */
  readonly connections: number;
  /** Ends every open connection. */
  cut(): void;
  /** While refusing, every connection is ended as it comes. */
  refuse(refusing: boolean): void;
  /** Bytes of the connections open now are swallowed, both ways, until they are closed; new ones work. */
  blackhole(): void;
}

export async function startCutProxy(upstream: URL): Promise<CutProxy> {
  const open = new Set<{ readonly client: Socket; readonly server: Socket }>();
  let refusing = false;
  let connections = 0;
  const listener = createServer((client) => {
    if (refusing) return void client.destroy();
    connections++;
    const pair = { client, server: connect(Number(upstream.port), upstream.hostname) };
    open.add(pair);
    client.pipe(pair.server).pipe(client);
    const close = (): void => {
      open.delete(pair);
      client.destroy();
      pair.server.destroy();
    };
    for (const socket of [client, pair.server]) socket.on('error', close).on('close', close);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const cut = (): void => {
    for (const { client, server } of open) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    url: new URL(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`),
    get connections() {
      return connections;
    },
    cut,
    refuse: (now) => (refusing = now),
    blackhole() {
      for (const { client, server } of open) {
        client.unpipe(server).resume();
        server.unpipe(client).resume();
      }
    },
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
