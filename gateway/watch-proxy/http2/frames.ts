/** Frames of HTTP/2 (RFC 9113, 4 and 6): nine bytes of head, and what it announces. */
import { ConnectionError, ErrorCode } from './errors.ts';

export const FrameType = {
  data: 0x0,
  headers: 0x1,
  priority: 0x2,
  reset: 0x3,
  settings: 0x4,
  pushPromise: 0x5,
  ping: 0x6,
  goAway: 0x7,
  windowUpdate: 0x8,
  continuation: 0x9,
} as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];

export const Flag = { none: 0x0, ack: 0x1, endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

const headBytes = 9;
/** What a payload may be unless the other side has allowed more; we never do. Bytes. */
export const leastMaxFrame = 16_384;

export interface Frame {
  /** Of a kind that is not known it is ignored. */
  readonly type: number;
  readonly flags: number;
  /** 0: the connection itself. */
  readonly streamId: number;
  readonly payload: Buffer;
}

export function frameHead(type: FrameType, flags: number, streamId: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  writeHead(head, 0, type, flags, streamId, length);
  return head;
}

export function frame(type: FrameType, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  writeHead(bytes, 0, type, flags, streamId, payload.length);
  bytes.set(payload, headBytes);
  return bytes;
}

/** Frames of DATA as every client takes them, one behind the other. */
export function dataFrames(streamId: number, bytes: Buffer): Buffer {
  const count = dataFrameCount(bytes.length);
  const framed = Buffer.allocUnsafe(count * headBytes + bytes.length);
  for (let index = 0; index < count; index++) {
    const part = bytes.subarray(index * leastMaxFrame, (index + 1) * leastMaxFrame);
    const at = index * (headBytes + leastMaxFrame);
    writeHead(framed, at, FrameType.data, Flag.none, streamId, part.length);
    framed.set(part, at + headBytes);
  }
  return framed;
}

export function dataFrameCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / leastMaxFrame));
}

function writeHead(to: Buffer, at: number, type: FrameType, flags: number, streamId: number, length: number): void {
  to.writeUIntBE(length, at, 3);
  to.writeUInt8(type, at + 3);
  to.writeUInt8(flags, at + 4);
  to.writeUInt32BE(streamId, at + 5);
}

/** Not the empty end of a chunk, which would keep all of it in memory for as long as a client is silent. */
const nothing: Buffer = Buffer.alloc(0);

/** Cuts what comes into frames. */
export class FrameReader {
  #rest: Buffer = nothing;

  /** Throws at a frame that is larger than we allow, before it has come. */
  *push(chunk: Buffer): Generator<Frame, void> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= headBytes) {
      const length = bytes.readUIntBE(at, 3);
      if (length > leastMaxFrame) {
        throw new ConnectionError(ErrorCode.frameSize, `a frame of ${length} bytes, and ${leastMaxFrame} are allowed`);
      }
      const end = at + headBytes + length;
      if (end > bytes.length) break;
      const [type, flags] = [bytes.readUInt8(at + 3), bytes.readUInt8(at + 4)];
      const streamId = bytes.readUInt32BE(at + 5) & 0x7fffffff;
      const payload = bytes.subarray(at + headBytes, end);
      at = end;
      yield { type, flags, streamId, payload };
    }
    this.#rest = at === bytes.length ? nothing : bytes.subarray(at);
  }
}

/** The payload without its padding, and without the fields of priority that may stand in HEADERS. */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  const isPadded = (flags & Flag.padded) !== 0;
  const start = (isPadded ? 1 : 0) + (type === FrameType.headers && (flags & Flag.priority) !== 0 ? 5 : 0);
  if (payload.length < start) throw new ConnectionError(ErrorCode.frameSize, 'a frame is shorter than its fields');
  const end = payload.length - (isPadded ? (payload[0] ?? 0) : 0);
  if (end < start) throw new ConnectionError(ErrorCode.protocol, 'more padding than frame');
  return payload.subarray(start, end);
}
