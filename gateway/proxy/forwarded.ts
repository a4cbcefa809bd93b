/**
 * What upstreams are told of a client: who it is, and how it asked. What a client says of that itself counts only when
 * it is trusted, as a balancer before the gateway may be; else it is replaced by what the gateway sees, as in APISIX
 * 3.18. Plugins and variables are told the same, so that no client gets by a rule with words of its own.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestContext } from './request-context.ts';

/** Empty: nothing is said. */
interface Told {
  readonly proto: string;
  readonly host: string;
  readonly port: string;
  /** RFC 7239; the gateway has none of its own. */
  readonly forwarded: string;
}

type Read = (context: RequestContext) => string;

const told: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['x-real-ip', ({ peer }) => peer.address],
  ['x-forwarded-for', ({ peer, request }) => (peer.keepsChain ? said(request.headers, 'x-forwarded-for') : '')],
  ['x-forwarded-proto', (context) => toldOf(context).proto],
  ['x-forwarded-host', (context) => toldOf(context).host],
  ['x-forwarded-port', (context) => toldOf(context).port],
  ['forwarded', (context) => toldOf(context).forwarded],
]);

/** Fields that never cross as the client sent them, in lower case. */
export const ownFields: readonly string[] = [...told.keys()];

/** How to read a field of the client that is not simply taken at its word; undefined for all others. In lower case. */
export function toldBy(name: string): Read | undefined {
  return told.get(name);
}

/** `chain`: the addresses that the client names before its own, with a comma behind each. */
export function addForwarded(headers: string[], context: RequestContext, chain: string): void {
  const { address, keepsChain } = context.peer;
  const { proto, host, port, forwarded } = toldOf(context);
  headers.push(
    'X-Real-IP',
    address,
    'X-Forwarded-For',
    keepsChain ? chain + address : address,
    'X-Forwarded-Proto',
    proto,
    'X-Forwarded-Port',
    port,
  );
  // A client of HTTP/1.0 may have named none.
  if (host !== '') headers.push('X-Forwarded-Host', host);
  if (forwarded !== '') headers.push('Forwarded', forwarded);
}

function toldOf({ peer, host, request: { headers } }: RequestContext): Told {
  const port = portOf(host) ?? peer.port;
  if (!peer.trusted) return { proto: peer.scheme, host, port, forwarded: '' };
  return {
    proto: said(headers, 'x-forwarded-proto') || peer.scheme,
    host: said(headers, 'x-forwarded-host') || host,
    port: said(headers, 'x-forwarded-port') || port,
    forwarded: said(headers, 'forwarded'),
  };
}

/** What was sent more than once is joined by commas. */
function said(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** The port that a Host header names; an IPv6 literal ends in a bracket. */
function portOf(host: string): string | undefined {
  const colon = host.lastIndexOf(':');
  if (colon < 0) return undefined;
  const port = host.slice(colon + 1);
  return digits.test(port) ? port : undefined;
}

const digits = /^\d+$/;
