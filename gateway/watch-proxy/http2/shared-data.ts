/** Bytes that go to many streams. What fits into one frame is framed once for all streams with the same id. */
import { Flag, FrameType, frame, leastMaxFrame } from './frames.ts';

export class SharedData {
  readonly bytes: Buffer;
  /** Clients on connections of their own mostly use the same stream: the first one. */
  #framed: Buffer | undefined;
  #streamId = 0;
  #others: Map<number, Buffer> | undefined;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Whether every client takes it as one frame. */
  get fitsFrame(): boolean {
    return this.bytes.length <= leastMaxFrame;
  }

  framed(streamId: number): Buffer {
    if (streamId === this.#streamId && this.#framed !== undefined) return this.#framed;
    const known = this.#others?.get(streamId);
    if (known !== undefined) return known;
    const framed = frame(FrameType.data, Flag.none, streamId, this.bytes);
    if (this.#framed === undefined) [this.#framed, this.#streamId] = [framed, streamId];
    else (this.#others ??= new Map()).set(streamId, framed);
    return framed;
  }
}
