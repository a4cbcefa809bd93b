/**
 * One port for both protocols, as etcd has it. Without TLS the first bytes of a connection tell HTTP/2 from HTTP/1.1,
 * with TLS the two sides agree (ALPN).
 */
import { type Server as HttpServer, type RequestListener, createServer as createHttpServer } from 'node:http';
import {
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  createServer as createHttp2Server,
  createSecureServer,
} from 'node:http2';
import { type Server, type Socket, createServer } from 'node:net';

export interface ListenerTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Clients must show a certificate of this authority. */
  readonly clientCa: Buffer | undefined;
}

/** How every HTTP/2 connection begins (RFC 9113, 3.4). */
const preface = Buffer.from('PRI * HTTP/2.0');
/** Connections that ask for nothing for this long are closed. Milliseconds. */
const firstWordMs = 10_000;
const mostConnections = 50_000;
const settings = { initialWindowSize: 1_048_576, maxConcurrentStreams: 1_000, enablePush: false };

/** Connections of HTTP/1.1 without a request so far, and whom to tell of it. */
const awaitingRequest = new WeakMap<Socket, () => void>();

export interface Serve {
  readonly http1: RequestListener;
  readonly http2: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;
}

export function createListener(serve: Serve, tls: ListenerTls | undefined): Server | Http2SecureServer {
  if (tls !== undefined) {
    const { clientCa } = tls;
    const certificates = { cert: tls.cert, key: tls.key, ...(clientCa && { ca: clientCa, requestCert: true }) };
    const secure = createSecureServer({ ...certificates, settings, allowHTTP1: true });
    secure.on('request', serve.http1 as unknown as () => void);
    // Listening for requests makes Node wrap HTTP/2 streams too, and then it sends trailers of its own.
    secure.removeAllListeners('stream');
    return secure.on('stream', serve.http2).on('sessionError', () => undefined);
  }
  const http2 = createHttp2Server({ settings }).on('stream', serve.http2);
  http2.on('sessionError', () => undefined);
  const http1 = createHttpServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    awaitingRequest.get(request.socket)?.();
    serve.http1(request, response);
  });
  const server = createServer({ noDelay: true }, (socket) => route(socket, http1, http2));
  server.maxConnections = mostConnections;
  return server;
}

function route(socket: Socket, http1: HttpServer, http2: Http2Server): void {
  // Until the first request, or the settings that open HTTP/2: half a word would hold the connection for ever.
  const late = setTimeout(() => socket.destroy(), firstWordMs).unref();
  const heard = (): void => clearTimeout(late);
  socket.on('error', () => socket.destroy()).once('close', heard);
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    const length = Math.min(chunk.length, preface.length);
    const isHttp2 = chunk.subarray(0, length).equals(preface.subarray(0, length));
    if (isHttp2) http2.once('session', (session) => session.once('remoteSettings', heard));
    else awaitingRequest.set(socket, heard);
    (isHttp2 ? http2 : http1).emit('connection', socket);
    if (!isHttp2) socket.resume();
  });
}
