/** What a request gets in the place of its answer. */
import type { ServerResponse } from 'node:http';

export type Answer = (response: ServerResponse, body: string) => void;

export const refusing =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status, { 'content-length': 0 }).end();
  };

/** A TCP reset: without a word, or after the head and so many bytes of the body. */
export const resetting =
  (afterBytes: number | undefined): Answer =>
  (response, body) => {
    const { socket } = response;
    if (afterBytes === undefined) return void socket?.resetAndDestroy();
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) });
    response.flushHeaders();
    if (afterBytes > 0) response.write(body.slice(0, afterBytes));
    // By then the bytes are with the kernel, which sends them first.
    setImmediate(() => socket?.resetAndDestroy());
  };

/** Content-Length says `by` bytes more than there are. The connection ends where they would come. */
export const mismeasured =
  (by: number): Answer =>
  (response, body) => {
    if (by > 0) response.shouldKeepAlive = false;
    const length = Math.max(0, Buffer.byteLength(body) + by);
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': length }).end(body);
  };
