/** gRPC calls that are etcd's own to answer: they pass as they are, with the client's credentials. */
import {
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  connect,
  constants,
} from 'node:http2';
import type { EtcdAccess } from '../../etcd/access.ts';
import type { Endpoints } from './endpoints.ts';

/** Large enough for a range of several MiB to come in one go. Bytes. */
const windowBytes = 4 * 1_048_576;
/** A connection that does not answer a ping for this long is dead. Milliseconds. */
const pingMs = { every: 6_000, within: 2_000 };
const unavailable = '14';

export interface GrpcPassage {
  pass(down: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
  close(): void;
}

export function grpcPassage(endpoints: Endpoints): GrpcPassage {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = sessionTo(endpoints.current, (access) => endpoints.failed(access));
    return session;
  };
  return {
    pass: (down, headers) => forward(down, headers, open()),
    close: () => session?.close(),
  };
}

function sessionTo(access: EtcdAccess, failed: (access: EtcdAccess) => void): ClientHttp2Session {
  const { url, ca, clientCert: cert, clientKey: key } = access;
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  const session = connect(url, { settings: { initialWindowSize: windowBytes, enablePush: false }, ...tls });
  session.once('connect', () => session.setLocalWindowSize(windowBytes));
  const pinging = setInterval(() => {
    const late = setTimeout(() => session.destroy(), pingMs.within);
    session.ping(() => clearTimeout(late));
  }, pingMs.every).unref();
  session.on('error', () => failed(access));
  session.once('close', () => clearInterval(pinging));
  return session;
}

function forward(down: ServerHttp2Stream, headers: IncomingHttpHeaders, session: ClientHttp2Session): void {
  const { ':authority': _authority, ...rest } = headers;
  const up = session.request(rest, { endStream: false });
  let trailers: IncomingHttpHeaders = {};
  up.on('trailers', (received) => (trailers = received));
  up.on('response', (head, flags) => {
    if (down.destroyed || down.headersSent) return;
    const only = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    down.respond(head, only ? { endStream: true } : { waitForTrailers: true });
  });
  down.on('wantTrailers', () => down.sendTrailers(trailers));
  down.pipe(up);
  up.pipe(down);
  up.on('error', () => refuse(down));
  down.on('error', () => up.close(constants.NGHTTP2_CANCEL));
  down.on('close', () => up.close(constants.NGHTTP2_CANCEL));
}

/** etcd is away: the client learns it in gRPC's own words. */
function refuse(down: ServerHttp2Stream): void {
  if (down.destroyed) return;
  if (down.headersSent) down.close(constants.NGHTTP2_INTERNAL_ERROR);
  else {
    const head = { ':status': 200, 'content-type': 'application/grpc' };
    down.respond(
      { ...head, 'grpc-status': unavailable, 'grpc-message': 'etcd cannot be reached' },
      { endStream: true },
    );
  }
}
