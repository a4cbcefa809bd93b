/** Which headers cross the gateway, in both directions (RFC 9110 §7.6.1). */
import type { Node, Upstream } from '../config/config-objects.ts';
import { addForwarded, ownFields } from './forwarded.ts';
import type { RequestContext } from './request-context.ts';

/** Fields that belong to one connection and never cross. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // undici refuses it; node answers 100-continue to the client by itself.
  'expect',
]);

/** What a client sends of these ends here. */
const leftBehind: ReadonlySet<string> = new Set([...hopByHop, 'host', ...ownFields]);

const specialLengths = new Set([...leftBehind].map((name) => name.length));

/** By its length alone: most fields need not be put into lower case to see that they just pass. */
function mayBeSpecial(name: string): boolean {
  return specialLengths.has(name.length);
}

/** Flat list of names and values for the upstream: the client's in their order, and the gateway's own behind them. */
export function requestHeaders(context: RequestContext, host: string): string[] {
  const raw = context.request.rawHeaders;
  const { connection } = context.request.headers;
  const named = connection === undefined ? undefined : connectionOptions(connection);
  const headers: string[] = ['host', host];
  let chain = '';
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const kind = named !== undefined || mayBeSpecial(name) ? name.toLowerCase() : '';
    if (named?.has(kind) === true) continue;
    if (kind === 'x-forwarded-for') chain += `${value}, `;
    else if (!leftBehind.has(kind)) headers.push(name, value);
  }
  addForwarded(headers, context, chain);
  return context.headerEdits === undefined ? headers : context.headerEdits.applyTo(headers);
}

/** Flat list for the client, from undici's raw response headers. Latin-1, byte for byte what the upstream sent. */
export function responseHeaders(raw: readonly Buffer[], workerId: string): string[] {
  const headers: string[] = [];
  let named: ReadonlySet<string> | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toString('latin1') ?? '';
    const value = raw[index + 1]?.toString('latin1') ?? '';
    const kind = mayBeSpecial(name) ? name.toLowerCase() : '';
    if (kind === 'connection') named = merged(named, connectionOptions(value));
    if (!hopByHop.has(kind)) headers.push(name, value);
  }
  headers.push('x-gateway-worker', workerId);
  return named === undefined ? headers : without(headers, named);
}

/** Connection may come after the fields it names, so they are taken out at the end; it is rare. */
function without(headers: readonly string[], named: ReadonlySet<string>): string[] {
  return headers.filter((_, index) => !named.has((headers[index - (index % 2)] ?? '').toLowerCase()));
}

function merged(
  a: ReadonlySet<string> | undefined,
  b: ReadonlySet<string> | undefined,
): ReadonlySet<string> | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a.union(b);
}

/** Names listed in a Connection header; undefined for the usual `keep-alive` and `close`. */
function connectionOptions(value: string): ReadonlySet<string> | undefined {
  const lower = value.toLowerCase();
  if (lower === 'keep-alive' || lower === 'close') return undefined;
  return new Set(lower.split(',').map((name) => name.trim()));
}

/** The Host that the upstream sees. */
export function hostFor(context: RequestContext, upstream: Upstream, node: Node): string {
  if (context.upstreamHost !== undefined) return context.upstreamHost;
  switch (upstream.passHost) {
    case 'pass':
      return context.request.headers.host ?? addressOf(node, upstream);
    case 'node':
      return addressOf(node, upstream);
    case 'rewrite':
      return upstream.upstreamHost ?? addressOf(node, upstream);
  }
}

/** Without a port that the scheme implies, as a browser would say it. */
function addressOf({ host, port }: Node, { scheme }: Upstream): string {
  return scheme === 'https' && port === 443 ? host : `${host}:${port}`;
}
