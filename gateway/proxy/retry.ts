/** What a failed attempt means: another node, 502 or 504. */
import type { IncomingMessage } from 'node:http';
import type { Upstream } from '../config/config-objects.ts';
import type { RequestBody } from './request-body.ts';

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * Whether the request may go to another node. A body that has begun to flow cannot be sent again; a request with side
 * effects must not be; and one that an upstream is still working on would double the work of an upstream too slow.
 */
export function mayRetry(
  request: IncomingMessage,
  body: RequestBody,
  error: Error,
  { retryNonIdempotent }: Upstream,
): boolean {
  const replayable = body === null || Buffer.isBuffer(body);
  const harmless = retryNonIdempotent || idempotent.has(request.method ?? '');
  return replayable && harmless && !answerTimedOut(codeOf(error));
}

const timeouts: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'GATEWAY_SEND_TIMEOUT']);

/** 504 when the upstream took too long, else 502. */
export function statusOf(error: Error): 502 | 504 {
  const code = codeOf(error);
  return answerTimedOut(code) || (code !== undefined && timeouts.has(code)) ? 504 : 502;
}

function answerTimedOut(code: string | undefined): boolean {
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}

function codeOf(error: Error): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
