/** The sending half of a connection: what all its streams share, and the order among them. */
import type { Socket } from 'node:net';
import { ConnectionError, ErrorCode } from './errors.ts';
import { Flag, FrameType, frame, frameHead, leastMaxFrame } from './frames.ts';
import { emptyTable } from './hpack/encoder.ts';
import { largestWindow, plainWindow } from './settings.ts';
import { currentTurn } from './turn.ts';

/** Control frames may wait for a client that takes nothing, but not without end. Bytes. */
const mostWaiting = 4 * 1_048_576;

/** Of a stream: it has more to send than the connection's window allowed. */
export interface Blocked {
  /** Sends a frame, and says by `block` when there is more. */
  sendOne(): void;
}

export class Outbound {
  readonly #socket: Socket;
  readonly #blocked = new Set<Blocked>();
  /** What may be sent to the client before it has taken more, over all streams. Bytes. */
  window: number = plainWindow;
  /** With how much each stream begins. */
  initialWindow: number = plainWindow;
  maxFrame: number = leastMaxFrame;
  #isOpen = true;
  #isCorked = false;
  #turn = -1;
  #hasSentHeaders = false;
  #useful = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Bytes that the system has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  /** Whether the connection will say when the system takes more. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Frames of answers that were sent since this was last asked. */
  takeUseful(): number {
    const useful = this.#useful;
    this.#useful = 0;
    return useful;
  }

  /** Whole frames. The first ones in a turn of the event loop leave at once, those that follow in it together. */
  write(bytes: Buffer): void {
    if (!this.#isOpen) return;
    const turn = currentTurn();
    if (turn === this.#turn) this.cork();
    this.#turn = turn;
    this.#socket.write(bytes);
  }

  /** Frames of DATA that are known to fit the windows. `length`: of what is in them. */
  writeData(framed: Buffer, length: number, frames: number): void {
    this.window -= length;
    this.#useful += frames;
    this.write(framed);
  }

  /** The same, without copying the bytes behind a head. */
  writeSlice(streamId: number, flags: number, slice: Buffer): void {
    this.cork();
    this.write(frameHead(FrameType.data, flags, streamId, slice.length));
    this.writeData(slice, slice.length, 1);
  }

  writeHeaders(streamId: number, encoded: Buffer, endStream: boolean): void {
    const block = this.#hasSentHeaders ? encoded : Buffer.concat([emptyTable, encoded]);
    this.#hasSentHeaders = true;
    this.#useful++;
    this.cork();
    for (let at = 0; at === 0 || at < block.length; at += this.maxFrame) {
      const part = block.subarray(at, at + this.maxFrame);
      const type = at === 0 ? FrameType.headers : FrameType.continuation;
      const last = at + this.maxFrame >= block.length ? Flag.endHeaders : Flag.none;
      this.write(frame(type, last | (at === 0 && endStream ? Flag.endStream : Flag.none), streamId, part));
    }
  }

  /** Frames that cost a client nothing to ask for. Throws when it asks and does not take. */
  writeControl(bytes: Buffer): void {
    if (this.waiting > mostWaiting) throw new ConnectionError(ErrorCode.enhanceYourCalm, 'answers are not taken');
    this.write(bytes);
  }

  /** Everything until the end of this tick leaves together. */
  cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      this.#socket.uncork();
    });
  }

  block(stream: Blocked): void {
    this.#blocked.add(stream);
  }

  unblock(stream: Blocked): void {
    this.#blocked.delete(stream);
  }

  /** The client takes more. Streams that wait for it get a frame each in turn. */
  open(increment: number): void {
    this.window += increment;
    if (this.window > largestWindow) {
      throw new ConnectionError(ErrorCode.flowControl, 'the window of the connection is too large');
    }
    // A stream that has more to send is put at the end, and is met again.
    for (const stream of this.#blocked) {
      if (this.window <= 0) return;
      this.#blocked.delete(stream);
      stream.sendOne();
    }
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#isOpen = false;
    this.#blocked.clear();
  }
}
