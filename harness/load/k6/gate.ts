/** Where k6 waits, all set up, until the first phase begins: one request, which is its word that it is ready. */
import { once } from 'node:events';
import { type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Gate extends AsyncDisposable {
  readonly url: URL;
  /** Resolves when k6 stands before it. */
  readonly reached: Promise<void>;
  open(): void;
}

export async function startGate(): Promise<Gate> {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const server = createServer((_request, response: ServerResponse) => {
    reached.resolve();
    void opened.promise.then(() => response.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    reached: reached.promise,
    open: opened.resolve,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
