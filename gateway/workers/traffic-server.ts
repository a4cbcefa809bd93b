/** The servers that take the traffic: HTTP, and HTTPS where an address is set for it. */
import {
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
  createServer,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GatewayState } from '../proxy/gateway-state.ts';
import type { Handling } from '../proxy/proxy.ts';
import { wantsUpgrade } from '../proxy/upgrade.ts';
import type { Settings } from '../settings.ts';
import type { Address } from '../settings-reader.ts';
import type { Certificates } from '../tls/certificates.ts';
import { type Drainable, drainable } from './drain.ts';

export interface TrafficServer {
  /** Listens when it resolves; rejects with the setting whose address cannot be had. */
  open(): Promise<void>;
  readonly listening: boolean;
  /** Takes no more connections; resolves when the last request is answered, or its time is up. Safe to call again. */
  drain(): Promise<void>;
}

/** What is measured beside the gateway speaks HTTP with the same ones. */
export const serverOptions: ServerOptions = {
  keepAliveTimeout: 60_000,
  // An upload may take as long as it goes on; Node would end it after five minutes.
  requestTimeout: 0,
  headersTimeout: 60_000,
  // Of a request, in all: what nginx takes by default, and twice what Node does.
  maxHeaderSize: 32_768,
  // Refused by us, so that it is counted and told.
  requireHostHeader: false,
  noDelay: true,
  shouldUpgradeCallback: wantsUpgrade,
  // A request without a body gets no stream that would have to be emptied after the answer.
  optimizeEmptyRequests: true,
};

export function trafficServer(
  { listen, tlsListen, drainMs }: Pick<Settings, 'listen' | 'tlsListen' | 'drainMs'>,
  state: GatewayState,
  certificates: Certificates,
  handling: Handling,
): TrafficServer {
  const plain = serving(state, handling, drainMs, (listener) => createServer(serverOptions, listener));
  plain.server.on('connection', (socket: Socket) => watchParser(socket, state));
  const places: { readonly setting: string; readonly address: Address; readonly server: Drainable }[] = [
    { setting: 'GATEWAY_LISTEN', address: listen, server: plain },
  ];
  if (tlsListen !== undefined) {
    const server = serving(state, handling, drainMs, (listener) =>
      createTlsServer({ ...serverOptions, SNICallback: byName(certificates) }, listener),
    );
    server.server.on('secureConnection', (socket: Socket) => watchParser(socket, state));
    places.push({ setting: 'GATEWAY_TLS_LISTEN', address: tlsListen, server });
  }
  return {
    async open() {
      await Promise.all(places.map(({ setting, address, server }) => listening(server.server, address, setting)));
    },
    get listening() {
      return places.every(({ server }) => server.server.listening);
    },
    async drain() {
      await Promise.all(places.map(({ server }) => server.drain()));
    },
  };
}

function serving(
  state: GatewayState,
  { request: onRequest, upgrade: onUpgrade }: Handling,
  drainMs: number,
  create: (listener: RequestListener) => Server,
): Drainable {
  const listener: RequestListener = (request, response) => {
    if (hasOneHost(request)) onRequest(request, response, state);
    else refuseHost(request, response, state);
  };
  const server = drainable(create, listener, drainMs);
  server.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (hasOneHost(request)) return onUpgrade(request, { socket, head }, state);
    state.onMalformed('BAD_HOST', request.socket.remoteAddress);
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** As RFC 9112 §3.2 asks of every request of HTTP/1.1. Of two, others on the way may take the other one. */
function hasOneHost({ rawHeaders, httpVersionMinor }: IncomingMessage): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count === 1 || (count === 0 && httpVersionMinor === 0);
}

function refuseHost({ socket }: IncomingMessage, response: ServerResponse, { onMalformed }: GatewayState): void {
  onMalformed('BAD_HOST', socket.remoteAddress);
  response.writeHead(400, { connection: 'close' }).end();
}

/** What cannot be parsed Node answers by itself, with 400, 408, 413 or 431. We learn of it when it ends the connection. */
function watchParser(socket: Socket, { onMalformed }: GatewayState): void {
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP_')) onMalformed(code, socket.remoteAddress);
  });
}

/**
 * The master accepts and deals the connections out in turn, as Node's cluster does by default. A socket of its own for
 * each worker (SO_REUSEPORT) would spare that hop, but the kernel resets whatever waits in the queue of one that is
 * closed: each reload would cost a few requests. And it deals by hash, so that of two workers one gets more.
 */
function listening(server: Server, address: Address, setting: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`${setting}: cannot listen on ${address.host}:${address.port}: ${error.message}`)),
    );
    server.listen({ ...address }, resolve);
  });
}

type SniCallback = (
  name: string,
  done: (error: Error | null, context?: ReturnType<Certificates['find']>) => void,
) => void;

/** Without a certificate for the name there is no connection: a wrong one would be trusted by nobody. */
function byName(certificates: Certificates): SniCallback {
  return (name, done) => {
    const context = certificates.find(name);
    if (context === undefined) done(new Error(`no certificate for "${name}"`));
    else done(null, context);
  };
}
