/** Where the responses of a watch stream go: gRPC messages, or lines of JSON, both made once for all. */
import type { Writable } from 'node:stream';
import type { Outlet } from '../feed/watcher.ts';
import type { SharedResponse } from './shared-response.ts';

/** `limit`: bytes that may wait for a client; what it takes later it reads from the ring. */
export function outletTo(
  stream: Writable,
  limit: number,
  bytesOf: (response: SharedResponse, watchId: bigint) => Buffer,
): Outlet {
  return {
    get full() {
      return stream.writableLength > limit || stream.destroyed;
    },
    write(response, watchId) {
      if (stream.writable) stream.write(bytesOf(response, watchId));
    },
  };
}
