/** Variables of a request by the names that nginx and APISIX have for them. */
import { queryArgument } from './query-argument.ts';
import type { RequestContext } from './request-context.ts';

type Read = (context: RequestContext) => string | undefined;

const named: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['uri', (context) => context.uri],
  ['request_uri', (context) => context.request.url],
  ['args', (context) => context.query.slice(1)],
  ['query_string', (context) => context.query.slice(1)],
  ['is_args', (context) => (context.query === '' ? '' : '?')],
  ['host', (context) => context.host.replace(/:\d+$/, '').toLowerCase()],
  ['http_host', (context) => context.request.headers.host],
  ['request_method', (context) => context.method],
  ['method', (context) => context.method],
  ['scheme', (context) => context.scheme],
  ['remote_addr', (context) => context.remoteAddress],
  ['remote_port', (context) => context.request.socket.remotePort?.toString()],
  ['server_addr', (context) => context.request.socket.localAddress],
  ['server_port', (context) => context.request.socket.localPort?.toString()],
  ['content_type', (context) => context.header('content-type')],
  ['content_length', (context) => context.header('content-length')],
  ['consumer_name', (context) => context.consumer?.username],
  ['route_id', (context) => context.match?.route.id],
  ['route_name', (context) => context.match?.route.name],
  ['service_id', (context) => context.match?.route.serviceId],
  ['request_id', (context) => context.requestId],
  ['upstream_status', (context) => (context.upstreamStatus === 0 ? undefined : String(context.upstreamStatus))],
]);

export function variableOf(context: RequestContext, name: string): string | undefined {
  const read = named.get(name);
  if (read !== undefined) return read(context);
  if (name.startsWith('arg_')) return queryArgument(context.query, name.slice('arg_'.length));
  if (name.startsWith('http_')) return context.header(name.slice('http_'.length).replaceAll('_', '-'));
  if (name.startsWith('cookie_')) return cookie(context.header('cookie') ?? '', name.slice('cookie_'.length));
  return undefined;
}

function cookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}
