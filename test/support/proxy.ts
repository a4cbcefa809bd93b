/** The gateway's data half on a port of its own, with real servers behind it. */
import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, type Socket, connect, createServer as createTcpServer } from 'node:net';
import { Store } from '../../gateway/config/store.ts';
import { localCounters } from '../../gateway/limits/local-counters.ts';
import type { GatewayState } from '../../gateway/proxy/gateway-state.ts';
import { handleRequest } from '../../gateway/proxy/proxy.ts';
import { runServed } from '../../gateway/proxy/run-plugins.ts';
import { createRouter } from '../../gateway/routing/router.ts';
import { Names } from '../../gateway/upstream/names.ts';
import { Pools } from '../../gateway/upstream/pools.ts';
import { type UpstreamOptions, plainOptions } from '../../gateway/upstream/upstream-options.ts';
import { createLiveConfig } from '../../gateway/workers/live-config.ts';

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

export interface TestProxy extends AsyncDisposable {
  readonly port: number;
  /** Status of each answer, in order. */
  readonly served: readonly number[];
  /** Takes a value into force as if etcd had delivered it; undefined deletes. `key` is such as `routes/a`. Throws when refused. */
  put(key: string, value: object | undefined): void;
}

/** Fields of the one route, as they stand in etcd. */
export interface RouteWishes {
  readonly upstream?: object;
  readonly plugins?: object;
  readonly route?: object;
  /** What the gateway is set to. */
  readonly options?: Partial<UpstreamOptions>;
  /** `address:port`. */
  readonly dns?: string;
}

/** One route for everything, to these nodes. */
export async function startProxy(nodes: readonly TestNode[], wishes: RouteWishes = {}): Promise<TestProxy> {
  const served: number[] = [];
  const names = new Names(wishes.dns);
  const live = createLiveConfig(createRouter(), { ...plainOptions, lookup: names.lookup(), ...wishes.options });
  const store = new Store('/apisix');
  const put = (key: string, value: object | undefined): void => {
    const bytes = value === undefined ? undefined : Buffer.from(JSON.stringify(value));
    const { changes, refusals } = store.apply([{ key: `/apisix/${key}`, value: bytes, modRevision: 1n }]);
    if (refusals.length > 0) throw new Error(`${key}: ${refusals[0]?.reason}`);
    live.apply(changes);
  };
  const upstream = { nodes, timeout: { connect: 2, send: 10, read: 10 }, ...wishes.upstream };
  const plugins = wishes.plugins === undefined ? {} : { plugins: wishes.plugins };
  put('routes/r', { uri: '/*', upstream, ...plugins, ...wishes.route });
  const pools = new Pools(names);
  const onServed: GatewayState['onServed'] = (context, status) => {
    runServed(context, status);
    served.push(status);
  };
  const facilities = { counters: localCounters(), routeServed: () => undefined };
  const state: GatewayState = { ...live, ...facilities, pools, workerId: '7', onServed };
  const server = await startServer((request, response) => handleRequest(request, response, state));
  return {
    port: server.port,
    served,
    put,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      live.upstreams.close();
      names.close();
      await pools.close();
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
  withinMs: number = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1_000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
