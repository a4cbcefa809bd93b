/** Where the responses of a watch stream go: gRPC messages, or lines of JSON, both made once for all. */
import type { Socket } from 'node:net';
import type { Outlet } from '../feed/watcher.ts';
import type { Http2Stream } from '../http2/stream.ts';

/** `limit`: bytes that may wait for a client; what it takes later it reads from the ring. */
export function jsonOutlet(socket: Socket, limit: number): Outlet {
  return {
    // Full only when the socket is going to say that it has drained.
    get full() {
      return (socket.writableNeedDrain && socket.writableLength > limit) || socket.destroyed;
    },
    write(response, watchId) {
      if (socket.writable) socket.write(response.chunk(watchId));
    },
  };
}

export function grpcOutlet(stream: Http2Stream, limit: number): Outlet {
  return {
    get full() {
      return (stream.isBlocked && stream.waiting > limit) || stream.isClosed;
    },
    write(response, watchId) {
      stream.write(response.message(watchId));
    },
  };
}

/** Lines of JSON over HTTP/2: few clients have it, so each is framed anew. */
export function http2JsonOutlet(stream: Http2Stream, limit: number): Outlet {
  return {
    get full() {
      return (stream.isBlocked && stream.waiting > limit) || stream.isClosed;
    },
    write(response, watchId) {
      stream.write(response.line(watchId));
    },
  };
}
