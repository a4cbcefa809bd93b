/** Who may see the pages: everybody on this host, and elsewhere those who know the token. */
import { timingSafeEqual, createHash } from 'node:crypto';
import { isIP } from 'node:net';

/** Whether an address to listen on can be reached from this host only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * The status of a request that may not pass; undefined when it may. Without a token only names of this host are
 * answered: another name that leads here would let a foreign page read ours.
 */
export function refusal(
  headers: { readonly host?: string | undefined; readonly authorization?: string | undefined },
  token: string | undefined,
): 401 | 421 | undefined {
  if (token !== undefined) return knows(headers.authorization ?? '', token) ? undefined : 401;
  const name = /^(?:\[([^\]]+)\]|([^:]*))(?::\d+)?$/.exec(headers.host ?? '');
  return isLoopback(name?.[1] ?? name?.[2] ?? '') ? undefined : 421;
}

/** As a bearer token, or as the password of any user: browsers ask for that one. */
function knows(authorization: string, token: string): boolean {
  const [scheme = '', value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') return same(value, token);
  if (scheme.toLowerCase() !== 'basic') return false;
  const text = Buffer.from(value, 'base64').toString('utf8');
  return same(text.slice(text.indexOf(':') + 1), token);
}

function same(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return x !== undefined && y !== undefined && timingSafeEqual(x, y);
}
