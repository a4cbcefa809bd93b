/** What a failed attempt means: another node, or an answer of the gateway's own. */
import type { Upstream } from '../config/config-objects.ts';
import type { Outcome } from '../upstream/outcome.ts';
import { bodyTimedOut } from './idle-bodies.ts';
import type { RequestBody } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import { answerTimedOut, sendTimedOut } from './send-timeout.ts';

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * Whether the request may go to another node. A body that has begun to flow cannot be sent again; a request with side
 * effects must not be; and one that an upstream is still working on would double the work of an upstream too slow.
 */
export function mayRetry(
  { upstreamMethod }: RequestContext,
  body: RequestBody,
  error: Error,
  { retryNonIdempotent }: Upstream,
): boolean {
  const replayable = body === null || Buffer.isBuffer(body);
  const harmless = retryNonIdempotent || idempotent.has(upstreamMethod);
  return replayable && harmless && !isSlow(codeOf(error));
}

/** 408 when the client took too long, 504 when the upstream did, else 502. */
export function statusOf(error: Error): 408 | 502 | 504 {
  const code = codeOf(error);
  return code === bodyTimedOut ? 408 : timedOut(code) ? 504 : 502;
}

/** What the failure says of the node. */
export function endOf(error: Error): Outcome['end'] {
  const code = codeOf(error);
  // A client could otherwise put every node out of use with requests that cannot be sent, or that it does not end.
  if (code !== undefined && ofClient.has(code)) return 'abandoned';
  return timedOut(code) ? 'timeout' : 'refused';
}

const ofClient: ReadonlySet<string> = new Set([
  bodyTimedOut,
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** The upstream has the request, or a part of it. */
const slow: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  sendTimedOut,
  answerTimedOut,
]);

function isSlow(code: string | undefined): boolean {
  return code !== undefined && slow.has(code);
}

function timedOut(code: string | undefined): boolean {
  return isSlow(code) || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT';
}

function codeOf(error: Error): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
