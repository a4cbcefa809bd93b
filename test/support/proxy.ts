/** The gateway's data half on a port of its own, with real servers behind it. */
import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';
import type { Node, Rewrite, Route, Upstream } from '../../gateway/config/config-objects.ts';
import { createProxy } from '../../gateway/proxy/proxy.ts';
import { createRouter } from '../../gateway/routing/router.ts';

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly node: Node;
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

export function nodeAt(port: number, weight = 1): Node {
  return { host: '127.0.0.1', port, weight };
}

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** Status of each answer, in order. */
  readonly served: readonly number[];
}

export interface RouteWishes {
  readonly upstream?: Partial<Upstream>;
  readonly rewrite?: Partial<Rewrite>;
  readonly route?: Partial<Route>;
}

/** One route for everything, to these nodes. */
export async function startProxy(nodes: readonly Node[], wishes: RouteWishes = {}): Promise<TestProxy> {
  const served: number[] = [];
  const router = createRouter();
  const timeout = { connectMs: 2_000, readMs: 10_000 };
  const upstream: Upstream = { nodes, passHost: 'pass', upstreamHost: undefined, timeout, ...wishes.upstream };
  const rewrite = wishes.rewrite && { uri: undefined, regexUri: undefined, host: undefined, ...wishes.rewrite };
  const matching = { uris: ['/*'], hosts: [], methods: [], priority: 0, enabled: true };
  const value: Route = { id: 'r', ...matching, upstream, upstreamId: undefined, rewrite, ...wishes.route };
  router.apply([{ kind: 'route', op: 'put', id: 'r', value }]);
  const proxy = createProxy({ router, workerId: '7', onServed: (status) => served.push(status) });
  const server = await startServer(proxy.handle);
  return {
    port: server.port,
    served,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
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

/** Resolves once the condition holds; rejects after 5 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
