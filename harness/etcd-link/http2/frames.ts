/** HTTP/2 frames (RFC 9113, section 4): cut out of what comes, and made. */
import type { Headers } from './hpack.ts';
import { encodeHeaders } from './hpack.ts';

export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const frameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;
export const flag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;
export const errorCode = { none: 0, internal: 2, refusedStream: 7, cancel: 8 } as const;
export const initialWindow = 65_535;
/** What every receiver has to take. */
export const largestPayload = 16_384;
const headBytes = 9;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** Head and payload, as they came. */
  readonly raw: Buffer;
}

/** Cuts chunks into whole frames; what is incomplete waits for the next chunk. */
export class FrameSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  /** Bytes that must be there before it is worth looking again. */
  #needed = headBytes;

  push(chunk: Buffer): readonly Frame[] {
    this.#parts.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return [];
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const frames: Frame[] = [];
    let at = 0;
    this.#needed = headBytes;
    while (bytes.length - at >= headBytes) {
      const end = at + headBytes + bytes.readUIntBE(at, 3);
      if (end > bytes.length) {
        this.#needed = end - at;
        break;
      }
      frames.push({
        type: bytes[at + 3] ?? 0,
        flags: bytes[at + 4] ?? 0,
        stream: bytes.readUInt32BE(at + 5) & 0x7fffffff,
        payload: bytes.subarray(at + headBytes, end),
        raw: bytes.subarray(at, end),
      });
      at = end;
    }
    this.#length = bytes.length - at;
    this.#parts = this.#length === 0 ? [] : [bytes.subarray(at)];
    return frames;
  }
}

export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  payload.copy(bytes, headBytes);
  return bytes;
}

/** A header block, in as many frames as it needs. */
export function headersFrames(stream: number, headers: Headers, end: boolean, sizeUpdates?: Buffer): Buffer {
  const block = encodeHeaders(headers, sizeUpdates);
  const endStream = end ? flag.endStream : 0;
  if (block.length <= largestPayload) return frame(frameType.headers, endStream | flag.endHeaders, stream, block);
  const frames = [frame(frameType.headers, endStream, stream, block.subarray(0, largestPayload))];
  for (let at = largestPayload; at < block.length; at += largestPayload) {
    const last = at + largestPayload >= block.length ? flag.endHeaders : 0;
    frames.push(frame(frameType.continuation, last, stream, block.subarray(at, at + largestPayload)));
  }
  return Buffer.concat(frames);
}

export function windowUpdate(stream: number, bytes: number): Buffer {
  return frame(frameType.windowUpdate, 0, stream, uint32(bytes));
}

export function resetStream(stream: number, code: number): Buffer {
  return frame(frameType.resetStream, 0, stream, uint32(code));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** What a DATA or HEADERS frame carries, without padding and priority. */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  const padded = (flags & flag.padded) !== 0;
  const start = (padded ? 1 : 0) + (type === frameType.headers && (flags & flag.priority) !== 0 ? 5 : 0);
  return payload.subarray(start, payload.length - (padded ? (payload[0] ?? 0) : 0));
}
