/** One port for both protocols, as etcd has it, with TLS or without. */
import { type Server, type RequestListener, createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { Http2Connections } from '../http2/connections.ts';
import type { Serve as ServeHttp2 } from '../http2/inbound.ts';
import { tellProtocol } from './protocol.ts';

export interface ListenerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Clients must show a certificate of this authority. */
  readonly clientCa: Buffer | undefined;
}

/** Connections that do not say by then what they want are closed. Milliseconds. */
const firstWordMs = 10_000;
const mostConnections = 50_000;
/** The body of a watch lasts as long as its client likes. */
const options = {
  keepAliveTimeout: 60_000,
  headersTimeout: firstWordMs,
  connectionsCheckingInterval: firstWordMs / 2,
  requestTimeout: 0,
  noDelay: true,
};

export interface Serve {
  readonly http1: RequestListener;
  readonly http2: ServeHttp2;
}

export interface Listener {
  readonly server: Server;
  readonly http2: Http2Connections;
}

export function createListener(serve: Serve, tls: ListenerTls | undefined): Listener {
  const http2 = new Http2Connections(serve.http2);
  const server = tls === undefined ? createServer(options, serve.http1) : secureServer(serve.http1, tls);
  const arrival = tls === undefined ? 'connection' : 'secureConnection';
  // Node's own listener makes any connection one of HTTP/1.1: it gets those that are.
  const [http1] = server.listeners(arrival);
  if (http1 === undefined) throw new Error(`the server of Node listens to no ${arrival}`);
  server.removeAllListeners(arrival).on(arrival, (socket: Socket) => {
    socket.on('error', () => socket.destroy());
    const protocols = {
      http1: (socket: Socket) => http1.call(server, socket),
      http2: (socket: Socket) => void http2.accept(socket),
    };
    tellProtocol(socket, protocols, firstWordMs);
  });
  server.maxConnections = mostConnections;
  return { server, http2 };
}

function secureServer(http1: RequestListener, { cert, key, clientCa }: ListenerTls): Server {
  const client = clientCa && { ca: clientCa, requestCert: true };
  return createSecureServer({ ...options, cert, key, ...client, ALPNProtocols: ['h2', 'http/1.1'] }, http1);
}
