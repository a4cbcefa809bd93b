/** What comes on one stream: bounded by its window, held while nobody takes it, as long as was announced. */
import { ErrorCode, StreamError } from './errors.ts';
import { malformed } from './request-headers.ts';
import { receiveWindow } from './settings.ts';
import { ReceiveWindow } from './windows.ts';

const joinedBytes = 16_384;

export interface ReceiverEvents {
  data(bytes: Buffer): void;
  /** The client has sent all it wants to. */
  complete(): void;
  /** So much was taken. `increment`: by how much the window of the stream opens; 0 while that is not worth a frame. */
  taken(bytes: number, increment: number): void;
}

export class Receiver {
  readonly #events: ReceiverEvents;
  readonly #window = new ReceiveWindow(receiveWindow.stream);
  /** Of what was announced, what has not come; undefined when nothing was. */
  #left: number | undefined;
  #held: Buffer[] = [];
  #isPaused = false;
  #isEnded = false;

  /** `length`: as the request announces it. */
  constructor(events: ReceiverEvents, length: number | undefined) {
    this.#events = events;
    this.#left = length;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** `frameBytes`: with the padding, which counts too. */
  receive(bytes: Buffer, frameBytes: number): void {
    if (this.#isEnded) throw new StreamError(ErrorCode.streamClosed, 'DATA after the end');
    if (!this.#window.receive(frameBytes)) throw new StreamError(ErrorCode.flowControl, 'more than the window allows');
    if (this.#left !== undefined) {
      this.#left -= bytes.length;
      if (this.#left < 0) throw malformed('more than content-length says');
    }
    const padding = frameBytes - bytes.length;
    if (padding > 0) this.#take(padding);
    if (bytes.length === 0) return;
    if (this.#isPaused) this.#hold(bytes);
    else this.#deliver(bytes);
  }

  end(): void {
    if (this.#isEnded) throw new StreamError(ErrorCode.streamClosed, 'a second end');
    if (this.#left !== undefined && this.#left > 0) throw malformed('less than content-length says');
    this.#isEnded = true;
    if (!this.#isPaused) this.#events.complete();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const held = this.#held;
    this.#held = [];
    for (const [index, bytes] of held.entries()) {
      this.#deliver(bytes);
      // Whoever takes it may have enough again.
      if (this.#isPaused) return void (this.#held = held.slice(index + 1));
    }
    if (this.#isEnded) this.#events.complete();
  }

  /** Nobody will take what is held: the other streams get its share of the connection's window back. */
  abandon(): void {
    const bytes = this.#held.reduce((total, { length }) => total + length, 0);
    this.#held = [];
    this.#isPaused = false;
    if (bytes > 0) this.#events.taken(bytes, 0);
  }

  /** Small pieces are joined: a byte held alone would cost a hundred. */
  #hold(bytes: Buffer): void {
    const last = this.#held.at(-1);
    if (last === undefined || last.length + bytes.length > joinedBytes) this.#held.push(bytes);
    else this.#held[this.#held.length - 1] = Buffer.concat([last, bytes]);
  }

  #deliver(bytes: Buffer): void {
    this.#events.data(bytes);
    this.#take(bytes.length);
  }

  #take(bytes: number): void {
    this.#events.taken(bytes, this.#isEnded ? 0 : this.#window.take(bytes));
  }
}
