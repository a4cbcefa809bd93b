/** The story of a request to the proxy: a watch is served from a feed, a read perhaps from the mirror, all else by etcd. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rpc } from '../../etcd/rpc.ts';
import type { Http2Stream } from '../http2/stream.ts';
import type { GrpcPassage } from '../upstream/pass-grpc.ts';
import type { JsonPassage } from '../upstream/pass-json.ts';
import { serveGrpcRange } from './grpc-range.ts';
import { type StreamOptions, serveGrpcWatch } from './grpc-watch.ts';
import { serveJsonRange } from './json-range.ts';
import { serveHttp2JsonWatch, serveJsonWatch } from './json-watch.ts';

export interface ServeOptions extends StreamOptions {
  readonly grpc: GrpcPassage;
  readonly json: JsonPassage;
}

const watchRoute = 'POST /v3/watch';

export function serveHttp1(request: IncomingMessage, response: ServerResponse, options: ServeOptions): void {
  const route = `${request.method} ${pathOf(request.url)}`;
  if (route === watchRoute) serveJsonWatch(request, response, options);
  else if (route === 'POST /v3/kv/range') serveJsonRange(request, response, options).catch(() => response.destroy());
  else void options.json.pass(request, response).then(() => forgetRights(route, options));
}

/** Over HTTP/2 JSON is etcd's to answer, but for watches: each would be one more at etcd. */
export function serveHttp2(stream: Http2Stream, options: ServeOptions): void {
  const { ':method': method, ':path': path, 'content-type': type } = stream.headers;
  const isGrpc = type?.startsWith('application/grpc') === true;
  if (isGrpc && path === rpc.watch.path) serveGrpcWatch(stream, options);
  else if (isGrpc && path === rpc.range.path) serveGrpcRange(stream, options);
  else if (!isGrpc && `${method} ${pathOf(path)}` === watchRoute) serveHttp2JsonWatch(stream, options);
  else options.grpc.pass(stream, undefined, () => forgetRights(`${method} ${pathOf(path)}`, options));
}

const changesRights = /^POST \/(?:v3\/auth|etcdserverpb\.Auth)\/(?!(?:authenticate|status|Authenticate|AuthStatus)$)/;

/** After a call that may have changed who may read what. What others change by other ways shows when the answers grow old. */
function forgetRights(route: string, { service: { permissions } }: ServeOptions): void {
  if (changesRights.test(route)) permissions.forget();
}

/** As etcd's gateway reads it: by its old name too, and without the query, which it does not look at when there is a body. */
function pathOf(url: string | undefined): string {
  return (url?.split('?', 1)[0] ?? '').replace(/^\/v3beta\//, '/v3/');
}
