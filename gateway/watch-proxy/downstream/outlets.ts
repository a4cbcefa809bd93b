/** Where the responses of a watch stream go: gRPC messages, or lines of JSON, both made once for all. */
import type { Socket } from 'node:net';
import type { Outlet } from '../feed/watcher.ts';
import type { Http2Stream } from '../http2/stream.ts';
import type { SharedResponse } from './shared-response.ts';

export class JsonOutlet implements Outlet {
  readonly #socket: Socket;
  readonly #limit: number;

  /** `limit`: bytes that may wait for a client; what it takes later it reads from the ring. */
  constructor(socket: Socket, limit: number) {
    this.#socket = socket;
    this.#limit = limit;
  }

  /** Only when the socket is going to say that it has drained, or is gone. */
  get full(): boolean {
    const socket = this.#socket;
    return (socket.writableNeedDrain && socket.writableLength > this.#limit) || socket.destroyed;
  }

  offer(response: SharedResponse, watchId: bigint): boolean {
    if (this.full) return false;
    this.write(response, watchId);
    return true;
  }

  write(response: SharedResponse, watchId: bigint): void {
    if (this.#socket.writable) this.#socket.write(response.chunk(watchId));
  }
}

export class GrpcOutlet implements Outlet {
  readonly #stream: Http2Stream;
  readonly #limit: number;

  /** `limit`: as above, over the windows and the connection. */
  constructor(stream: Http2Stream, limit: number) {
    this.#stream = stream;
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#stream.isFull(this.#limit);
  }

  offer(response: SharedResponse, watchId: bigint): boolean {
    return this.#stream.offer(response.message(watchId), this.#limit);
  }

  write(response: SharedResponse, watchId: bigint): void {
    this.#stream.write(response.message(watchId));
  }
}
