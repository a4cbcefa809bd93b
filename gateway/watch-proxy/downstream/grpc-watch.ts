/** A Watch stream over gRPC. */
import { type IncomingHttpHeaders, type ServerHttp2Stream, constants } from 'node:http2';
import { Metadata, status } from '@grpc/grpc-js';
import { rpc } from '../../etcd/rpc.ts';
import { BadMessage, FrameSplitter } from './messages.ts';
import type { OpenStreams } from './open-streams.ts';
import { outletTo } from './outlets.ts';
import type { Credentials } from './permissions.ts';
import { type WatchService, WatchSession } from './watch-session.ts';

/** What etcd takes of one request. Bytes. */
const mostBytes = 2_097_152;

export interface StreamOptions {
  readonly service: WatchService;
  readonly streams: OpenStreams;
  /** Bytes that may wait for one client. */
  readonly bufferBytes: number;
}

export function serveGrpcWatch(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: StreamOptions): void {
  let trailers: Record<string, string> = { 'grpc-status': '0' };
  const end = (code: status, reason: string): void => {
    trailers = { 'grpc-status': `${code}`, 'grpc-message': encodeURIComponent(reason) };
    if (stream.writable) stream.end();
  };
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const outlet = outletTo(stream, options.bufferBytes, (response, id) => response.frame(id));
  const unavailable = (reason: string): void => end(status.UNAVAILABLE, reason);
  const session = new WatchSession(options.service, outlet, credentialsOf(headers), unavailable);
  const open = { session, leave: () => unavailable('the watch proxy is shutting down') };
  options.streams.add(open);
  const splitter = new FrameSplitter(mostBytes);
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const message of splitter.push(chunk)) session.take(rpc.watch.requestDeserialize(message));
    } catch (error) {
      const tooLarge = error instanceof BadMessage && error.kind === 'too-large';
      end(
        tooLarge ? status.RESOURCE_EXHAUSTED : status.INTERNAL,
        error instanceof Error ? error.message : String(error),
      );
    }
  });
  // As etcd does: a client that has sent its last request wants no more.
  stream.on('end', () => end(status.OK, ''));
  stream.on('drain', () => session.drained());
  stream.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.on('close', () => {
    session.close();
    options.streams.delete(open);
  });
}

/** etcd reads a token under either name. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials {
  const token = String(headers['token'] ?? headers['authorization'] ?? '');
  const metadata = new Metadata();
  if (token !== '') metadata.set('token', token);
  return { name: token, metadata };
}
