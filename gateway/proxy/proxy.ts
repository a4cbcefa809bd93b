/** The request listener: blocked or not, match, plugins, forward. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handled } from '../plugins/plugin.ts';
import type { Match } from '../routing/placed.ts';
import { Exchange } from './exchange.ts';
import type { GatewayState } from './gateway-state.ts';
import { takeBody } from './request-body.ts';
import { RequestContext } from './request-context.ts';
import { runPlugins } from './run-plugins.ts';
import { refuse, sendAnswer } from './send-answer.ts';
import { type ClientUpgrade, responseOn } from './upgrade.ts';

/** What a worker does with what its clients send. */
export interface Handling {
  readonly request: (request: IncomingMessage, response: ServerResponse, state: GatewayState) => void;
  readonly upgrade: (request: IncomingMessage, upgrade: ClientUpgrade, state: GatewayState) => void;
}

export const handling: Handling = { request: handleRequest, upgrade: handleUpgrade };

function handleRequest(request: IncomingMessage, response: ServerResponse, state: GatewayState): void {
  handle(new RequestContext(request, response, state), state);
}

/** A request to change to the WebSocket protocol. Where the route does not allow it, it is forwarded like any other. */
function handleUpgrade(request: IncomingMessage, upgrade: ClientUpgrade, state: GatewayState): void {
  upgrade.socket.on('error', () => upgrade.socket.destroy());
  const context = new RequestContext(request, responseOn(request, upgrade), state);
  context.upgrade = upgrade;
  handle(context, state);
}

function handle(context: RequestContext, state: GatewayState): void {
  try {
    const handled = admit(context, state);
    if (!(handled instanceof Promise)) return proceed(context, handled, state);
    handled.then((answer) => proceed(context, answer, state)).catch((error: unknown) => fail(context, error, state));
  } catch (error) {
    fail(context, error, state);
  }
}

/** A fault of ours costs the request that met it, never the worker with all of its others. */
function fail(context: RequestContext, error: unknown, state: GatewayState): void {
  if (context.response.headersSent) context.response.destroy();
  else refuse(context, state, 500, error instanceof Error ? error.message : String(error));
}

/** Everything that comes before the upstream: an answer, or nothing to let the request go on. */
function admit(context: RequestContext, state: GatewayState): Handled | Promise<Handled> {
  if (state.blocks.stops(context)) return { status: 403, body: { error_msg: 'blocked' } };
  const match = state.router.match(context);
  context.match = match;
  const everywhere = state.router.globalPlugins();
  const own = match?.plugins ?? [];
  context.plugins = everywhere.length === 0 ? own : [...everywhere, ...own];
  if (context.plugins.length === 0) return undefined;
  const rewritten = runPlugins(context, 'rewrite');
  if (rewritten instanceof Promise) return rewritten.then((answer) => answer ?? access(context));
  return rewritten ?? access(context);
}

/** A consumer that was found brings plugins of its own; those that the request goes through already hide them. */
function access(context: RequestContext): Handled | Promise<Handled> {
  const { consumer, plugins } = context;
  if (consumer === undefined || consumer.plugins.length === 0) return runPlugins(context, 'access');
  const known = new Set(plugins.map(({ name }) => name));
  const more = consumer.plugins.filter(({ name }) => !known.has(name));
  context.plugins = [...plugins, ...more];
  // Their first phase is over for all others.
  const rewritten = runPlugins(context, 'rewrite', more);
  if (!(rewritten instanceof Promise)) return rewritten ?? runPlugins(context, 'access');
  return rewritten.then((answer) => answer ?? runPlugins(context, 'access'));
}

function proceed(context: RequestContext, answer: Handled, state: GatewayState): void {
  const { match } = context;
  if (answer !== undefined) return sendAnswer(context, state, answer);
  if (match === undefined) return refuse(context, state, 404, '404 Route Not Found');
  const upstream = context.upstream ?? match.upstream;
  if (match.missing !== undefined && (match.missing !== 'upstream' || upstream === undefined)) {
    return refuseMissing(context, match, state);
  }
  if (upstream === undefined) return refuse(context, state, 503, 'the route has no upstream');
  if (!match.websocket) context.upgrade = undefined;
  takeBody(context, state.bodies, (body) => new Exchange(state, context, upstream, body).attempt());
}

/** As APISIX 3.x answers for a name that is not there. */
const statusOfMissing = { service: 404, plugin_config: 503, upstream: 502 } as const;

function refuseMissing(context: RequestContext, { route, missing }: Match, state: GatewayState): void {
  if (missing === undefined) return;
  const id = { service: route.serviceId, plugin_config: route.pluginConfigId, upstream: route.upstreamId }[missing];
  refuse(context, state, statusOfMissing[missing], `no ${missing} ${id ?? ''}`.trim());
}
