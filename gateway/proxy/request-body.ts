/** The body of a request on its way to the upstream. */
import type { IncomingMessage } from 'node:http';

/** A body of known length up to this is sent in one piece; a longer one streams with backpressure. Bytes. */
const bufferedBytes = 65_536;

export type RequestBody = Buffer | IncomingMessage | null;

/** Whether any body follows the head. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return headers['content-length'] !== undefined && headers['content-length'] !== '0';
}

/** Calls `ready` once with what to send; not at all when the client goes away before that. */
export function takeBody(request: IncomingMessage, ready: (body: RequestBody) => void): void {
  if (!hasBody(request)) return ready(null);
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!(length <= bufferedBytes)) return ready(request);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => ready(Buffer.concat(chunks)));
}
