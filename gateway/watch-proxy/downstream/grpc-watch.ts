/** A Watch stream over gRPC. */
import { Metadata, status } from '@grpc/grpc-js';
import { rpc } from '../../etcd/rpc.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { noLeader, wantsLeader } from './leader.ts';
import { BadMessage, FrameSplitter } from './messages.ts';
import type { OpenStreams } from './open-streams.ts';
import { Http2Outlet } from './outlets.ts';
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

export function serveGrpcWatch(stream: Http2Stream, options: StreamOptions): void {
  stream.respond([
    [':status', '200'],
    ['content-type', 'application/grpc'],
  ]);
  let isOver = false;
  const end = (code: status, reason: string): void => {
    if (isOver) return;
    isOver = true;
    stream.end([
      ['grpc-status', `${code}`],
      ['grpc-message', messageOf(reason)],
    ]);
  };
  const outlet = new Http2Outlet('grpc', stream, options.bufferBytes);
  const unavailable = (reason: string): void => end(status.UNAVAILABLE, reason);
  const session = new WatchSession(options.service, outlet, credentialsOf(stream.headers), unavailable);
  const leave = (): void => {
    stream.leaveConnection();
    unavailable('the watch proxy is shutting down');
  };
  const open = { session, leave, fail: unavailable, wantsLeader: wantsLeader(stream.headers) };
  options.streams.add(open);
  const splitter = new FrameSplitter(mostBytes);
  stream.listen({
    data(bytes) {
      if (isOver) return;
      try {
        for (const message of splitter.push(bytes)) session.take(rpc.watch.requestDeserialize(message));
      } catch (error) {
        const tooLarge = error instanceof BadMessage && error.kind === 'too-large';
        const code = tooLarge ? status.RESOURCE_EXHAUSTED : status.INTERNAL;
        end(code, error instanceof Error ? error.message : String(error));
      }
    },
    // As etcd does: a client that has sent its last request wants no more.
    end: () => end(status.OK, ''),
    drain: () => session.drained(),
    close() {
      session.close();
      options.streams.delete(open);
    },
  });
  if (open.wantsLeader && !options.service.feeds.hasLeader) unavailable(noLeader);
}

/** Percent-encoded where it has to be, and nowhere else: grpc-js does not decode a colon. */
function messageOf(text: string): string {
  return text.replaceAll(/[^ -$&-~]/gu, (character) => encodeURIComponent(character));
}

/** etcd reads a token under either name. */
export function credentialsOf(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Credentials {
  const token = String(headers['token'] ?? headers['authorization'] ?? '');
  const metadata = new Metadata();
  if (token !== '') metadata.set('token', token);
  return { name: token, metadata };
}
