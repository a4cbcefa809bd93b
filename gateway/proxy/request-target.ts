/** The request-target (RFC 9112 §3.2): a path with its query, as a rule. A client that takes us for its proxy sends a whole URL. */
import type { IncomingMessage } from 'node:http';

const slash = '/'.charCodeAt(0);
const wholeUrl = /^https?:\/\/(?:[^/?#@]*@)?([^/?#@]+)([^#]*)/i;

/**
 * Path and query. Of a whole URL the rest counts as if it had come in the Host field, whatever that says (§3.2.2); the
 * request itself is changed, so that nobody behind has to know of it. What is neither, such as `*`, stays as it is.
 */
export function originForm(request: IncomingMessage): string {
  const given = request.url ?? '/';
  if (given.charCodeAt(0) === slash) return given;
  const [, authority, target = ''] = wholeUrl.exec(given) ?? [];
  if (authority === undefined) return given;
  request.headers.host = authority;
  request.url = target.startsWith('/') ? target : `/${target}`;
  return request.url;
}
