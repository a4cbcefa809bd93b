/** gRPC calls that are etcd's own to answer: they pass as they are, with the client's credentials. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  connect,
  constants,
} from 'node:http2';
import type { EtcdAccess } from '../../etcd/access.ts';
import { ErrorCode } from '../http2/errors.ts';
import type { Field } from '../http2/hpack/static-table.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { marksOf } from './common-name.ts';
import type { Endpoints } from './endpoints.ts';

/** Large enough for a range of several MiB to come in one go. Bytes. */
const windowBytes = 4 * 1_048_576;
/** A connection that does not answer a ping for this long is dead. Milliseconds. */
const pingMs = { every: 6_000, within: 2_000 };
/** What may wait for a client that takes slowly, before etcd is let wait. Bytes. */
const mostWaiting = 262_144;
const unavailable = '14';

/** What was taken of a request before it turned out to be etcd's. */
export interface Taken {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

export interface GrpcPassage {
  /** `over`: called when etcd's answer has ended, however it did. */
  pass(down: Http2Stream, taken?: Taken, over?: () => void): void;
  close(): void;
}

export function grpcPassage(endpoints: Endpoints): GrpcPassage {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = sessionTo(endpoints.current, (access) => endpoints.failed(access));
    return session;
  };
  // All members are reached with the same certificate.
  const marks = marksOf(endpoints.current);
  return {
    pass(down, taken, over) {
      const up = requestOf(down, open(), marks);
      if (over !== undefined) up?.once('close', over);
      forward(down, up, taken);
    },
    close: () => session?.close(),
  };
}

function sessionTo(access: EtcdAccess, failed: (access: EtcdAccess) => void): ClientHttp2Session {
  const { url, ca, clientCert: cert, clientKey: key } = access;
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  const session = connect(url, { settings: { initialWindowSize: windowBytes, enablePush: false }, ...tls });
  session.once('connect', () => session.setLocalWindowSize(windowBytes));
  const pinging = setInterval(() => {
    // Without an error its calls would end as if they were whole, and the member would be asked again.
    const late = setTimeout(() => session.destroy(new Error('it does not answer a ping')), pingMs.within);
    session.ping(() => clearTimeout(late));
  }, pingMs.every).unref();
  session.on('error', () => failed(access));
  session.once('close', () => clearInterval(pinging));
  return session;
}

function forward(down: Http2Stream, up: ClientHttp2Stream | undefined, taken?: Taken): void {
  if (up === undefined) return refuse(down);
  let trailers: readonly Field[] | undefined;
  let isWhole = false;
  up.on('response', (head, flags) => down.respond(fieldsOf(head), (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0));
  up.on('trailers', (received) => (trailers = fieldsOf(received)));
  up.on('data', (chunk: Buffer) => {
    down.write(chunk);
    if (down.isBlocked && down.waiting > mostWaiting) up.pause();
  });
  up.on('end', () => {
    isWhole = up.rstCode === constants.NGHTTP2_NO_ERROR;
    if (isWhole) down.end(trailers);
  });
  up.on('drain', () => down.resume());
  up.on('error', () => refuse(down));
  up.on('close', () => isWhole || refuse(down));
  if (taken !== undefined) up.write(taken.bytes);
  if (taken?.isWhole === true) up.end();
  down.listen({
    data: (bytes) => up.write(bytes) || down.pause(),
    end: () => void up.end(),
    drain: () => void up.resume(),
    close: () => up.close(constants.NGHTTP2_CANCEL),
  });
}

/** Undefined when the connection is just being closed, or when Node sends no such headers. */
function requestOf(
  { headers }: Http2Stream,
  session: ClientHttp2Session,
  marks: Readonly<Record<string, string>>,
): ClientHttp2Stream | undefined {
  // The end of the body tells its length: one that is announced may never come.
  const { ':authority': _authority, 'content-length': _length, ...rest } = headers;
  try {
    return session.request({ ...rest, ...marks }, { endStream: false });
  } catch {
    return undefined;
  }
}

function fieldsOf(headers: IncomingHttpHeaders): readonly Field[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each): Field => [name, String(each)]),
  );
}

/** etcd is away: the client learns it in gRPC's own words. */
function refuse(down: Http2Stream): void {
  if (down.isAnswered) return down.reset(ErrorCode.internal);
  down.respond(
    [
      [':status', '200'],
      ['content-type', 'application/grpc'],
      ['grpc-status', unavailable],
      ['grpc-message', 'etcd cannot be reached'],
    ],
    true,
  );
}
