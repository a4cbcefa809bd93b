/** One request of a client and its answer. */
import { ErrorCode } from './errors.ts';
import { encodeFields } from './hpack/encoder.ts';
import type { Field } from './hpack/static-table.ts';
import type { Outbound } from './outbound.ts';
import { Receiver, type ReceiverEvents } from './receiver.ts';
import { type RequestHeaders, contentLengthOf } from './request-headers.ts';
import { Sender, type SenderEvents } from './sender.ts';
import type { SharedData } from './shared-data.ts';

/** Who answers a request. */
export interface StreamListener {
  data(bytes: Buffer): void;
  /** The client has sent all it wants to. */
  end(): void;
  /** What was written has left, as far as the client lets it: there is room for more. */
  drain(): void;
  /** The stream is over, however it came to that; called once, and nothing after it. */
  close(): void;
}

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly out: Outbound;
  /** So much of what came on the stream was taken; its own window opens by `increment`. Bytes. */
  taken(stream: Http2Stream, bytes: number, increment: number): void;
  /** The client is asked to open its next streams on another connection. */
  leave(): void;
  /** The stream is over. `reset`: what the client is told, when it is not by the end of the answer. */
  closed(stream: Http2Stream, reset: ErrorCode | undefined): void;
}

export class Http2Stream implements SenderEvents, ReceiverEvents {
  readonly id: number;
  readonly headers: RequestHeaders;
  readonly #owner: StreamOwner;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  #listener: StreamListener | undefined;
  #isAnswered = false;
  #isClosed = false;

  constructor(id: number, headers: RequestHeaders, owner: StreamOwner) {
    this.id = id;
    this.headers = headers;
    this.#owner = owner;
    this.#receiver = new Receiver(this, contentLengthOf(headers));
    this.#sender = new Sender(id, owner.out, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the headers of the answer were sent. */
  get isAnswered(): boolean {
    return this.#isAnswered;
  }

  /** Bytes that wait for the client: in the windows, and in the connection that it shares with its other streams. */
  get waiting(): number {
    return this.#sender.waiting + this.#owner.out.waiting;
  }

  /** Whether something waits, so that `drain` will be called. */
  get isBlocked(): boolean {
    return this.#sender.waiting > 0 || this.#owner.out.isFull;
  }

  listen(listener: StreamListener): void {
    this.#listener = listener;
  }

  /** The headers of the answer. `endStream`: there is nothing else. */
  respond(fields: readonly Field[], endStream: boolean = false): void {
    if (this.#isClosed || this.#isAnswered) return;
    this.#isAnswered = true;
    this.#owner.out.writeHeaders(this.id, encodeFields(fields), endStream);
    if (endStream) this.ended();
  }

  write(data: Buffer | SharedData): void {
    this.#sender.write(data);
  }

  /** Whether more than `limit` bytes wait for the client, so that `drain` will be called, or the stream is over. */
  isFull(limit: number): boolean {
    return this.#isClosed || this.#sender.isFull(limit);
  }

  /** Writes it, unless the stream is full. Whether it did. */
  offer(data: SharedData, limit: number): boolean {
    return !this.#isClosed && this.#sender.offer(data, limit);
  }

  /** The answer is complete, once what was written has been sent. */
  end(trailers?: readonly Field[]): void {
    if (!this.#isClosed) this.#sender.end(trailers === undefined ? undefined : encodeFields(trailers));
  }

  reset(code: ErrorCode): void {
    this.#close(code);
  }

  /** The client is asked to open its next streams on another connection, which leads to another server. */
  leaveConnection(): void {
    this.#owner.leave();
  }

  /** Nothing more is taken: the client has to wait when the window is full. */
  pause(): void {
    this.#receiver.pause();
  }

  resume(): void {
    this.#receiver.resume();
  }

  /** For the connection: what has come from the client for this stream. `frameBytes`: with the padding. */
  receive(bytes: Buffer, frameBytes: number): void {
    this.#receiver.receive(bytes, frameBytes);
  }

  receiveEnd(): void {
    this.#receiver.end();
  }

  receiveReset(): void {
    this.#close(undefined);
  }

  openWindow(increment: number): void {
    this.#sender.open(increment);
  }

  /** For the connection: the system takes more. */
  drained(): void {
    if (!this.isBlocked) this.#listener?.drain();
  }

  data(bytes: Buffer): void {
    this.#listener?.data(bytes);
  }

  complete(): void {
    this.#listener?.end();
  }

  taken(bytes: number, increment: number): void {
    this.#owner.taken(this, bytes, increment);
  }

  sent(): void {
    this.drained();
  }

  /** Both sides have said all, or the client need not say more: it has its answer. */
  ended(): void {
    this.#close(this.#receiver.isEnded ? undefined : ErrorCode.none);
  }

  #close(reset: ErrorCode | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sender.abandon();
    this.#receiver.abandon();
    this.#owner.closed(this, reset);
    this.#listener?.close();
  }
}
