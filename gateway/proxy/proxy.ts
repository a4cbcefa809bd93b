/** The request listener: match, take the body, forward. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Router } from '../routing/router.ts';
import { Pools } from '../upstream/pools.ts';
import { Exchange, type ExchangeContext } from './exchange.ts';
import { refuse } from './refuse.ts';
import { takeBody } from './request-body.ts';

export interface ProxyOptions {
  readonly router: Router;
  /** Value of the response header `x-gateway-worker`. */
  readonly workerId: string;
  /** Called once for each answer, when its head goes out. */
  readonly onServed: (status: number, request: IncomingMessage) => void;
}

export interface Proxy {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Cuts what is under way and closes every upstream connection. */
  close(): Promise<void>;
}

export function createProxy({ router, workerId, onServed }: ProxyOptions): Proxy {
  const pools = new Pools();
  const context: ExchangeContext = { pools, workerId, onServed };
  return {
    handle: (request, response) => forward(request, response, router, context),
    close: () => pools.close(),
  };
}

function forward(request: IncomingMessage, response: ServerResponse, router: Router, context: ExchangeContext): void {
  const target = request.url ?? '/';
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const match = router.match({ method: request.method ?? 'GET', host: request.headers.host ?? '', path });
  if (match === undefined) return refuse(request, response, context, 404, '404 Route Not Found');
  const { route, upstream } = match;
  // As APISIX 3.x answers for an `upstream_id` that is not there.
  if (upstream === undefined) return refuse(request, response, context, 502, `no upstream ${route.upstreamId ?? ''}`);
  takeBody(request, (body) => new Exchange(context, request, response, route, upstream, body).attempt());
}
