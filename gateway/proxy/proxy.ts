/** The request listener: match, choose a node, forward, answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Node } from '../config/config-objects.ts';
import type { Match, Router } from '../routing/router.ts';
import { Pools } from '../upstream/pools.ts';
import { nextNode } from '../upstream/round-robin.ts';
import { Exchange } from './exchange.ts';
import { requestHeaders } from './headers.ts';
import { type RequestBody, takeBody } from './request-body.ts';
import { rewriteTarget } from './rewrite.ts';

export interface ProxyOptions {
  readonly router: Router;
  /** Value of the response header `x-gateway-worker`. */
  readonly workerId: string;
  readonly onServed: (status: number, request: IncomingMessage) => void;
}

export interface Proxy {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export function createProxy(options: ProxyOptions): Proxy {
  const pools = new Pools();
  return {
    handle: (request, response) => forward(request, response, options, pools),
    close: () => pools.close(),
  };
}

function forward(request: IncomingMessage, response: ServerResponse, options: ProxyOptions, pools: Pools): void {
  const target = request.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const match = options.router.match({ method: request.method ?? 'GET', host: request.headers.host ?? '', path });
  if (match === undefined) return refuse(request, response, options, 404, '404 Route Not Found');
  if (match.upstream === undefined) return refuse(request, response, options, 503, 'the route has no upstream');
  takeBody(request, (body) => attempt(request, response, { ...options, pools, match, body, tried: [] }));
}

interface Attempt extends ProxyOptions {
  readonly pools: Pools;
  readonly match: Match;
  readonly body: RequestBody;
  readonly tried: readonly Node[];
}

function attempt(request: IncomingMessage, response: ServerResponse, state: Attempt): void {
  const { match, body, tried, pools, workerId, onServed } = state;
  const { route, upstream } = match;
  const node = upstream === undefined ? undefined : nextNode(upstream, tried);
  if (upstream === undefined || node === undefined) {
    return refuse(request, response, state, tried.length > 0 ? 502 : 503, 'no node of the upstream can be reached');
  }
  const exchange = new Exchange(response, workerId, {
    served: (status) => onServed(status, request),
    failedBeforeAnswer(error) {
      const next = { ...state, tried: [...tried, node] };
      if (mayRetry(request, body, error) && nextLeft(next)) attempt(request, response, next);
      else refuse(request, response, state, timedOut(error) ? 504 : 502, error.message);
    },
  });
  const dispatched: Dispatcher.DispatchOptions = {
    path: rewriteTarget(request.url ?? '/', route.rewrite),
    method: request.method ?? 'GET',
    headers: requestHeaders(request, upstream, node, route.rewrite),
    body,
    headersTimeout: upstream.timeout.readMs,
    bodyTimeout: upstream.timeout.readMs,
  };
  pools.of(node, upstream).dispatch(dispatched, exchange);
}

function nextLeft({ match, tried }: Attempt): boolean {
  return match.upstream?.nodes.some((node) => node.weight > 0 && !tried.includes(node)) === true;
}

/** A stream that has begun to flow cannot be sent again; a request with side effects must not be. */
function mayRetry(request: IncomingMessage, body: RequestBody, error: Error): boolean {
  const replayable = body === null || Buffer.isBuffer(body);
  return replayable && idempotent.has(request.method ?? '') && !timedOut(error);
}

function timedOut(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT';
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { onServed, workerId }: ProxyOptions,
  status: number,
  reason: string,
): void {
  const body = JSON.stringify({ error_msg: reason });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-gateway-worker': workerId,
  };
  response.writeHead(status, headers).end(body);
  onServed(status, request);
  // What is left of the request must be read, or the connection cannot be used again.
  request.resume();
}
