/**
 * The gRPC side of the link: HTTP/2 without TLS in, HTTP/2 out, one upstream connection for each downstream one, so that
 * connections are counted truly and die together. Watch streams go through `WatchStream`; all else passes untouched.
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  connect,
  constants,
  createServer,
} from 'node:http2';
import type { Switchboard } from './switchboard.ts';
import { WatchStream } from './watch-stream.ts';

const watchPath = '/etcdserverpb.Watch/Watch';
const rangePath = '/etcdserverpb.KV/Range';
const writePaths = new Set(['/etcdserverpb.KV/Put', '/etcdserverpb.KV/Txn', '/etcdserverpb.KV/DeleteRange']);
/** Large enough for a range of several MiB to come in one go. Bytes. */
const windowBytes = 4 * 1_048_576;

export function createGrpcProxy(upstream: URL, board: Switchboard): Http2Server {
  const settings = { initialWindowSize: windowBytes, enablePush: false };
  const server = createServer({ settings, peerMaxConcurrentStreams: 10_000 });
  server.on('session', (down: ServerHttp2Session) => {
    board.count('connections');
    // The stream window alone does not widen the connection: without this all streams share 64 KiB.
    down.setLocalWindowSize(windowBytes);
    const up = connect(upstream, { settings });
    up.once('connect', () => up.setLocalWindowSize(windowBytes));
    joinSessions(down, up);
    down.on('stream', (stream, headers) => forward(stream, headers, up, board));
  });
  return server;
}

/** The end of one side is the end of the other. */
function joinSessions(down: ServerHttp2Session, up: ClientHttp2Session): void {
  up.on('goaway', (code, _last, data) => {
    if (!down.destroyed) down.goaway(code, 0, data);
  });
  // A refused or reset connection: the client sees its own connection end, as it would without the link.
  up.on('error', () => down.destroy()).on('close', () => down.destroy());
  down.on('error', () => up.destroy()).on('close', () => up.destroy());
}

function forward(
  down: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  up: ClientHttp2Session,
  board: Switchboard,
): void {
  if (up.destroyed) {
    down.close(constants.NGHTTP2_REFUSED_STREAM);
    return;
  }
  const path = headers[':path'] ?? '';
  const request = up.request(headers, { endStream: false });
  down.pipe(request);
  const watch = path === watchPath ? new WatchStream(down, request, board) : undefined;
  if (watch === undefined) passUnary(path, down, request, board);
  passHeaders(down, request, () => watch?.trailers);
  passEnd(down, request);
}

/** Head and trailers, as etcd sent them unless `cutTrailers` says otherwise. */
function passHeaders(
  down: ServerHttp2Stream,
  up: ClientHttp2Stream,
  cutTrailers: () => Readonly<Record<string, string>> | undefined,
): void {
  let trailers: IncomingHttpHeaders = {};
  up.on('trailers', (received) => (trailers = received));
  up.on('response', (head, flags) => {
    if (down.destroyed || down.headersSent) return;
    const only = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    down.respond(head, only ? { endStream: true } : { waitForTrailers: true });
  });
  down.on('wantTrailers', () => down.sendTrailers(cutTrailers() ?? trailers));
}

function passUnary(path: string, down: ServerHttp2Stream, up: ClientHttp2Stream, board: Switchboard): void {
  board.count('unaryCalls');
  if (writePaths.has(path)) board.count('writes');
  if (path === rangePath) up.on('data', (chunk: Buffer) => board.count('rangeBytes', chunk.length));
  const failed = (headers: IncomingHttpHeaders): void => {
    if ((headers['grpc-status'] ?? '0') !== '0') board.count('unaryFailed');
  };
  up.on('trailers', failed).on('response', failed);
  up.pipe(down, { end: false });
}

/** Ends and resets cross in both directions. */
function passEnd(down: ServerHttp2Stream, up: ClientHttp2Stream): void {
  up.on('end', () => {
    if (!down.destroyed && !down.writableEnded && down.headersSent) down.end();
  });
  up.on('error', () => undefined);
  down.on('error', () => undefined);
  up.on('close', () => {
    if (up.rstCode !== constants.NGHTTP2_NO_ERROR && !down.writableEnded) down.close(up.rstCode);
  });
  down.on('close', () => {
    if (!up.closed) up.close(down.rstCode === constants.NGHTTP2_NO_ERROR ? constants.NGHTTP2_CANCEL : down.rstCode);
  });
}
