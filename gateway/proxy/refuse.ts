/** Answers that the gateway gives itself, in the form of APISIX's. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Refuser {
  readonly workerId: string;
  readonly onServed: (status: number, request: IncomingMessage) => void;
}

export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { workerId, onServed }: Refuser,
  status: number,
  reason: string,
): void {
  const body = JSON.stringify({ error_msg: reason });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-gateway-worker': workerId,
  };
  response.writeHead(status, headers).end(body);
  onServed(status, request);
  // What is left of the request must be read, or the connection cannot be used again.
  request.resume();
}
