/** Which headers cross the gateway, in both directions (RFC 9110 §7.6.1). */
import type { IncomingMessage } from 'node:http';
import type { Node, Rewrite, Upstream } from '../config/config-objects.ts';

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

/** Flat list of names and values for the upstream, in the order in which the client sent them. */
export function requestHeaders(
  request: IncomingMessage,
  upstream: Upstream,
  node: Node,
  rewrite: Rewrite | undefined,
): string[] {
  const raw = request.rawHeaders;
  const named = request.headers.connection === undefined ? undefined : connectionOptions(request.headers.connection);
  const headers: string[] = ['host', hostFor(request, upstream, node, rewrite)];
  let forwarded: string | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    const lower = name.toLowerCase();
    if (lower === 'host' || hopByHop.has(lower) || named?.has(lower) === true) continue;
    if (lower === 'x-forwarded-for') forwarded = forwarded === undefined ? value : `${forwarded}, ${value}`;
    else headers.push(name, value);
  }
  const client = request.socket.remoteAddress ?? '';
  headers.push('X-Forwarded-For', forwarded === undefined ? client : `${forwarded}, ${client}`);
  return headers;
}

/** Flat list for the client, from undici's raw response headers. */
export function responseHeaders(raw: readonly (Buffer | string)[], workerId: string): string[] {
  const headers: string[] = [];
  let named: ReadonlySet<string> | undefined;
  for (let index = 0; index < raw.length; index += 2) {
    if (String(raw[index]).toLowerCase() === 'connection') named = connectionOptions(String(raw[index + 1]));
  }
  for (let index = 0; index < raw.length; index += 2) {
    // Latin-1, byte for byte: what the upstream sent is what the client gets.
    const name = text(raw[index]);
    const lower = name.toLowerCase();
    if (hopByHop.has(lower) || named?.has(lower) === true) continue;
    headers.push(name, text(raw[index + 1]));
  }
  headers.push('x-gateway-worker', workerId);
  return headers;
}

function text(value: Buffer | string | undefined): string {
  return typeof value === 'string' ? value : (value?.toString('latin1') ?? '');
}

/** Names listed in a Connection header; undefined for the usual `keep-alive` and `close`. */
function connectionOptions(value: string): ReadonlySet<string> | undefined {
  const lower = value.toLowerCase();
  if (lower === 'keep-alive' || lower === 'close') return undefined;
  return new Set(lower.split(',').map((name) => name.trim()));
}

function hostFor(request: IncomingMessage, upstream: Upstream, node: Node, rewrite: Rewrite | undefined): string {
  if (rewrite?.host !== undefined) return rewrite.host;
  switch (upstream.passHost) {
    case 'pass':
      return request.headers.host ?? `${node.host}:${node.port}`;
    case 'node':
      return `${node.host}:${node.port}`;
    case 'rewrite':
      return upstream.upstreamHost ?? `${node.host}:${node.port}`;
  }
}
