/** Bytes that go to many streams, framed once for all streams with the same id. */
import { dataFrameCount, dataFrames } from './frames.ts';

/** Of what takes several frames there are no more copies than this: other streams get heads of their own. */
const mostLargeCopies = 4;

export class SharedData {
  readonly bytes: Buffer;
  /** How many frames it takes. */
  readonly frames: number;
  /** Clients on connections of their own mostly use the same stream: the first one. */
  #framed: Buffer | undefined;
  #streamId = 0;
  #others: Map<number, Buffer> | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.frames = dataFrameCount(bytes.length);
  }

  /** Undefined when it is large, and for too many streams already. */
  framed(streamId: number): Buffer | undefined {
    if (streamId === this.#streamId) return this.#framed;
    const known = this.#others?.get(streamId);
    if (known !== undefined) return known;
    if (this.#framed === undefined) {
      this.#streamId = streamId;
      return (this.#framed = dataFrames(streamId, this.bytes));
    }
    this.#others ??= new Map();
    if (this.frames > 1 && 1 + this.#others.size >= mostLargeCopies) return undefined;
    const framed = dataFrames(streamId, this.bytes);
    this.#others.set(streamId, framed);
    return framed;
  }
}
