/** What one stream sends: at once while the windows allow it, otherwise when they open. */
import { ErrorCode, StreamError } from './errors.ts';
import { Flag, FrameType, frame } from './frames.ts';
import type { Blocked, Outbound } from './outbound.ts';
import { largestWindow } from './settings.ts';
import { SharedData } from './shared-data.ts';

export interface SenderEvents {
  /** All that waited for the windows is sent. */
  sent(): void;
  /** The end of the stream is sent. */
  ended(): void;
}

export class Sender implements Blocked {
  readonly #streamId: number;
  readonly #out: Outbound;
  readonly #events: SenderEvents;
  #window: number;
  readonly #queue: Buffer[] = [];
  /** How much of the first in the queue is sent. */
  #offset = 0;
  #waiting = 0;
  #end: { readonly trailers: Buffer | undefined } | undefined;

  constructor(streamId: number, out: Outbound, events: SenderEvents) {
    this.#streamId = streamId;
    this.#out = out;
    this.#events = events;
    this.#window = out.initialWindow;
  }

  /** Bytes that the windows hold back. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether more than `limit` bytes wait, here and in the connection. */
  isFull(limit: number): boolean {
    return (this.#waiting > 0 || this.#out.isFull) && this.#waiting + this.#out.waiting > limit;
  }

  /** Writes it, unless more than `limit` bytes wait. Whether it did. */
  offer(data: SharedData, limit: number): boolean {
    if (this.isFull(limit)) return false;
    this.write(data);
    return true;
  }

  write(data: Buffer | SharedData): void {
    if (this.#end !== undefined) return;
    if (data instanceof SharedData && this.#writeFramed(data)) return;
    const bytes = data instanceof SharedData ? data.bytes : data;
    if (bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    this.#pump();
    // That it has left is no news to whoever writes it: told of it now, he would write the next before this one is done.
    if (this.#waiting > 0) this.#wait();
  }

  /** `trailers`: encoded; without them the last frame is an empty one of DATA. */
  end(trailers?: Buffer): void {
    if (this.#end !== undefined) return;
    this.#end = { trailers };
    if (this.#waiting === 0) this.#finish();
  }

  /** The client takes more, or less: a change of its settings may take away what it gave. */
  open(increment: number): void {
    this.#window += increment;
    if (this.#window > largestWindow) throw new StreamError(ErrorCode.flowControl, 'the window is too large');
    if (this.#waiting === 0) return;
    this.#pump();
    this.#settle();
  }

  sendOne(): void {
    this.#send();
    this.#settle();
  }

  /** Nothing is sent any more. */
  abandon(): void {
    this.#out.unblock(this);
    this.#end ??= { trailers: undefined };
    this.#queue.length = 0;
    this.#waiting = 0;
  }

  /** Writes it as it is framed for others too, where the windows allow all of it. Whether it did. */
  #writeFramed(data: SharedData): boolean {
    const { length } = data.bytes;
    if (this.#waiting > 0 || length > this.#window || length > this.#out.window) return false;
    const framed = data.framed(this.#streamId);
    if (framed === undefined) return false;
    this.#window -= length;
    this.#out.writeData(framed, length, data.frames);
    return true;
  }

  #pump(): void {
    while (this.#waiting > 0 && this.#window > 0 && this.#out.window > 0) this.#send();
  }

  /** One frame. */
  #send(): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    const length = Math.min(first.length - this.#offset, this.#window, this.#out.window, this.#out.maxFrame);
    if (length <= 0) return;
    this.#out.writeSlice(this.#streamId, Flag.none, first.subarray(this.#offset, this.#offset + length));
    this.#window -= length;
    this.#waiting -= length;
    this.#offset += length;
    if (this.#offset < first.length) return;
    this.#queue.shift();
    this.#offset = 0;
  }

  #settle(): void {
    if (this.#waiting > 0) this.#wait();
    else if (this.#end === undefined) this.#events.sent();
    else this.#finish();
  }

  /** For the window of the connection; its own opens by a frame that names it. */
  #wait(): void {
    if (this.#window > 0) this.#out.block(this);
  }

  #finish(): void {
    const trailers = this.#end?.trailers;
    if (trailers === undefined) this.#out.write(frame(FrameType.data, Flag.endStream, this.#streamId, Buffer.alloc(0)));
    else this.#out.writeHeaders(this.#streamId, trailers, true);
    this.#events.ended();
  }
}
