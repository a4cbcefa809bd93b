/** HTTP/2 as far as one client stream needs it (RFC 9113): frames read from pieces of any size, and those it sends. */

export const frameType = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
export const flag = { ack: 1, endStream: 1, endHeaders: 4 } as const;

export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

const headerBytes = 9;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(headerBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, headerBytes);
  return bytes;
}

/** Lets the server send that many more bytes, on the stream and on the whole connection (stream 0). */
export function windowUpdates(stream: number, bytes: number): Buffer {
  const more = Buffer.alloc(4);
  more.writeUInt32BE(bytes);
  return Buffer.concat([0, stream].map((of) => frame(frameType.windowUpdate, 0, of, more)));
}

/** HPACK without a table (RFC 7541 §6.2.2): each field in full, neither compressed nor remembered. */
export function headerBlock(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.concat(
    Object.entries(fields).map(([name, value]) => Buffer.concat([Buffer.of(0), text(name), text(value)])),
  );
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
}

export interface FrameListener {
  /** A piece of a frame's payload; its bytes are only valid during the call. */
  piece(type: number, payload: Buffer): void;
  /** The frame is complete. `length`: of its payload. */
  end(type: number, flags: number, length: number): void;
}

export class FrameReader {
  readonly #listener: FrameListener;
  readonly #header = Buffer.alloc(headerBytes);
  #headerHas = 0;
  #left = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerHas < headerBytes) {
        const taken = chunk.copy(this.#header, this.#headerHas, at, at + headerBytes - this.#headerHas);
        this.#headerHas += taken;
        at += taken;
        if (this.#headerHas < headerBytes) return;
        this.#left = this.#header.readUIntBE(0, 3);
      }
      const piece = chunk.subarray(at, at + this.#left);
      at += piece.length;
      this.#left -= piece.length;
      const type = this.#header.readUInt8(3);
      if (piece.length > 0) this.#listener.piece(type, piece);
      if (this.#left > 0) return;
      this.#headerHas = 0;
      this.#listener.end(type, this.#header.readUInt8(4), this.#header.readUIntBE(0, 3));
    }
  }
}
