/** Real servers for tests, and requests to them over connections of their own. */
import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly node: TestNode;
}

export async function startServer(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    node: nodeAt(port),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server below HTTP: it does with each connection what the test says. */
export async function startRawServer(onConnection: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    node: nodeAt(port),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A node as it stands in the configuration. */
export interface TestNode {
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly priority?: number;
  readonly metadata?: { readonly room?: string; readonly capacity?: number };
}

export function nodeAt(port: number, weight = 1): TestNode {
  return { host: '127.0.0.1', port, weight };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** One request on a connection of its own; rejects when the answer is cut off. */
export async function ask(port: number, { method = 'GET', path = '/', headers = {}, body }: Ask = {}): Promise<Answer> {
  const options = { host: '127.0.0.1', port, method, path, headers: headers as Record<string, string>, agent: false };
  const request = httpRequest(options);
  // After the answer has come, what happens to the rest of an upload is of no interest.
  request.on('error', () => undefined);
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('latin1')) text += chunk as string;
  return { status: response.statusCode ?? 0, headers: response.headers, rawHeaders: response.rawHeaders, body: text };
}

/** Everything that comes back for these bytes until the server closes. */
export async function exchangeRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket.setEncoding('latin1')) text += chunk as string;
  return text;
}

/** Resolves once the condition holds; rejects after that many milliseconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs: number = 30_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
