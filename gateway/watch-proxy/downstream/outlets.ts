/** Where the responses of a watch stream go, in the form of its protocol and made once for all. */
import type { Socket } from 'node:net';
import type { Outlet } from '../feed/watcher.ts';
import type { SharedData } from '../http2/shared-data.ts';
import type { Http2Stream } from '../http2/stream.ts';

export class JsonOutlet implements Outlet {
  readonly protocol = 'json';
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

  offer(data: SharedData): boolean {
    if (this.full) return false;
    this.write(data);
    return true;
  }

  write({ bytes }: SharedData): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

/** Messages of gRPC, or lines of JSON, each as DATA of HTTP/2. */
export class Http2Outlet implements Outlet {
  readonly protocol: 'grpc' | 'json-lines';
  readonly #stream: Http2Stream;
  readonly #limit: number;

  /** `limit`: as above, over the windows and the connection. */
  constructor(protocol: 'grpc' | 'json-lines', stream: Http2Stream, limit: number) {
    this.protocol = protocol;
    this.#stream = stream;
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#stream.isFull(this.#limit);
  }

  offer(data: SharedData): boolean {
    return this.#stream.offer(data, this.#limit);
  }

  write(data: SharedData): void {
    this.#stream.write(data);
  }
}
