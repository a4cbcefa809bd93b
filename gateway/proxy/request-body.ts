/** The body of a request on its way to the upstream. */
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { IdleBodies } from './idle-bodies.ts';
import type { RequestContext } from './request-context.ts';

/** A body of known length up to this is sent in one piece; a longer one streams with backpressure. Bytes. */
const bufferedBytes = 65_536;

export type RequestBody = Buffer | PassThrough | null;

/** Whether any body follows the head. */
function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}

/** Calls `ready` once with what to send; not at all when the client goes away, or does not go on, before that. */
export function takeBody(context: RequestContext, bodies: IdleBodies, ready: (body: RequestBody) => void): void {
  const { request } = context;
  if (!hasBody(request)) return ready(null);
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(length <= bufferedBytes)) {
    const body = streamed(request);
    bodies.begun(context, body);
    request.once('close', () => bodies.ended(context));
    return ready(body);
  }
  bodies.begun(context);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    bodies.ended(context);
    ready(Buffer.concat(chunks));
  });
}

/**
 * A stream that undici may destroy. It does so when the upstream answers before it has read everything (413, say); were
 * it the request itself, the client's connection would go down with the answer unsent.
 */
function streamed(request: IncomingMessage): PassThrough {
  const body = new PassThrough();
  // Whoever sends it on hears of its end; of one that is refused before that nobody needs to.
  body.on('error', () => undefined);
  request.pipe(body);
  // The rest of an upload that nobody wants is read and dropped, so that the client gets to read its answer.
  body.once('close', () => request.unpipe(body).resume());
  request.once('close', () => {
    if (!request.complete) body.destroy(new Error('the client closed the connection'));
  });
  return body;
}
