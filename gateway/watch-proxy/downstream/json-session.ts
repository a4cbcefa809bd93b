/** A watch stream in etcd's JSON, whatever carries it: requests follow one another in the body, one response is a line. */
import { StringDecoder } from 'node:string_decoder';
import { status } from '@grpc/grpc-js';
import type { Outlet } from '../feed/watcher.ts';
import { type StreamOptions, credentialsOf } from './grpc-watch.ts';
import { watchRequestOf } from './json-request.ts';
import { noLeader, wantsLeader } from './leader.ts';
import { BadMessage, JsonSplitter } from './messages.ts';
import { WatchSession } from './watch-session.ts';

/** Of one request. Bytes. */
const mostBytes = 2_097_152;

interface JsonCarrier {
  readonly headers: Parameters<typeof credentialsOf>[0];
  readonly outlet: Outlet;
  /** Ends the answer after this last line. Once is enough; again does nothing. */
  readonly end: (line: string) => void;
  /** Ends the answer as it is, so that the client goes on elsewhere. */
  readonly leave: () => void;
}

interface JsonSession {
  /** What has come of the body. */
  take(chunk: Buffer): void;
  /** The client takes again. */
  drained(): void;
  close(): void;
}

export function openJsonSession({ headers, outlet, end, leave }: JsonCarrier, options: StreamOptions): JsonSession {
  const refuse = (code: status, message: string): void => end(`${errorText(code, message)}\n`);
  const unavailable = (message: string): void => refuse(status.UNAVAILABLE, message);
  const session = new WatchSession(options.service, outlet, credentialsOf(headers), unavailable);
  const open = { session, leave, fail: unavailable, wantsLeader: wantsLeader(headers) };
  options.streams.add(open);
  const splitter = new JsonSplitter(mostBytes);
  const decoder = new StringDecoder('utf8');
  return {
    take(chunk) {
      try {
        for (const value of splitter.push(decoder.write(chunk))) session.take(watchRequestOf(value));
      } catch (error) {
        const tooLarge = error instanceof BadMessage && error.kind === 'too-large';
        const code = tooLarge ? status.RESOURCE_EXHAUSTED : status.INVALID_ARGUMENT;
        refuse(code, error instanceof Error ? error.message : String(error));
      }
    },
    drained: () => session.drained(),
    close() {
      session.close();
      options.streams.delete(open);
    },
  };
}

/** The whole answer, with status 503, to a client that wants a leader while there is none; undefined for all others. */
export function leaderless(headers: JsonCarrier['headers'], { service }: StreamOptions): string | undefined {
  return wantsLeader(headers) && !service.feeds.hasLeader ? errorText(status.UNAVAILABLE, noLeader) : undefined;
}

function errorText(code: status, message: string): string {
  return JSON.stringify({ error: { code, message } });
}
