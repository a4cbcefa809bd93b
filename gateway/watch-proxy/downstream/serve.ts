/** The story of a request to the proxy: a watch is served from a feed, a read perhaps from the mirror, all else by etcd. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RawRangeRequest, rpc } from '../../etcd/rpc.ts';
import type { Feed } from '../feed/feed.ts';
import type { Http2Stream } from '../http2/stream.ts';
import { spanOf } from '../span.ts';
import type { GrpcPassage } from '../upstream/pass-grpc.ts';
import type { JsonPassage } from '../upstream/pass-json.ts';
import { type StreamOptions, credentialsOf, serveGrpcWatch } from './grpc-watch.ts';
import { rangeJsonOf } from './json-response.ts';
import { rangeRequestOf } from './json-request.ts';
import { serveJsonWatch } from './json-watch.ts';
import { mirrorFor, rangeFrom } from './mirror-range.ts';

export interface ServeOptions extends StreamOptions {
  readonly grpc: GrpcPassage;
  readonly json: JsonPassage;
}

/** Of a read that the mirror may answer. Bytes; etcd answers longer ones. */
const mostRangeBytes = 65_536;
/** Of any read: etcd takes two MiB, in base64 a third more. */
const mostBodyBytes = 3_145_728;

export function serveHttp1(request: IncomingMessage, response: ServerResponse, options: ServeOptions): void {
  const route = `${request.method} ${request.url}`;
  if (route === 'POST /v3/watch') serveJsonWatch(request, response, options);
  else if (route === 'POST /v3/kv/range') void serveJsonRange(request, response, options);
  else void options.json.pass(request, response);
}

/** All but watches passes, whatever it carries: over HTTP/2 JSON is etcd's alone to answer. */
export function serveHttp2(stream: Http2Stream, options: ServeOptions): void {
  const { ':path': path, 'content-type': type } = stream.headers;
  if (path === rpc.watch.path && type?.startsWith('application/grpc') === true) serveGrpcWatch(stream, options);
  else options.grpc.pass(stream);
}

async function serveJsonRange(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServeOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBodyBytes) return refuseLarge(request, response);
  }
  const body = Buffer.concat(chunks);
  const wish = length > mostRangeBytes ? undefined : wishOf(body);
  const feed = wish === undefined ? undefined : mirrorFor(options.service.feeds, wish);
  if (wish === undefined || feed === undefined || !(await mayRead(request, wish, options))) {
    return options.json.pass(request, response, body);
  }
  response.writeHead(200, { 'content-type': 'application/json', ...marks(feed) });
  response.end(rangeJsonOf(rangeFrom(feed, wish)));
}

/** In etcd's words for what is too large. */
function refuseLarge(request: IncomingMessage, response: ServerResponse): void {
  const message = `received message larger than max (more than ${mostBodyBytes} bytes)`;
  response.writeHead(429, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ code: 8, message }), () => request.destroy());
}

/** Undefined when it is none: etcd says what is wrong with it. */
function wishOf(body: Buffer): RawRangeRequest | undefined {
  try {
    return rangeRequestOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

/** A refusal is etcd's to say; while it does not answer at all nobody is let in by guess. */
async function mayRead(request: IncomingMessage, wish: RawRangeRequest, { service }: ServeOptions): Promise<boolean> {
  try {
    return (await service.permissions.check(credentialsOf(request.headers), spanOf(wish))) === undefined;
  } catch {
    return false;
  }
}

/** That it was not etcd who answered, and for how long the mirror has not heard of it, in milliseconds. */
function marks(feed: Feed): Record<string, string> {
  const { connected, since } = feed.upstream;
  const stale = connected ? 0 : Math.round(performance.now() - since);
  return { 'x-watch-proxy-mirror': `${feed.mirrored}`, 'x-watch-proxy-stale-ms': `${stale}` };
}
