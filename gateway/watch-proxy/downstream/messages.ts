/** Cuts what a client sends into whole messages: gRPC's frames, and JSON values that follow one another. */

const headBytes = 5;

/** A client sent what is no message, or one that is too large. */
export class BadMessage extends Error {
  /** `too-large` is told apart: gRPC has a code of its own for it. */
  readonly kind: 'malformed' | 'too-large';

  constructor(kind: BadMessage['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** Not the empty end of a chunk, which would keep all of it in memory for as long as a client is silent. */
const nothing: Buffer = Buffer.alloc(0);

/** gRPC messages without their heads. `most`: bytes of one. */
export class FrameSplitter {
  readonly #most: number;
  #rest: Buffer = nothing;

  constructor(most: number) {
    this.#most = most;
  }

  push(chunk: Buffer): readonly Buffer[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    let start = 0;
    while (bytes.length - start >= headBytes) {
      const length = bytes.readUInt32BE(start + 1);
      if (bytes[start] !== 0) throw new BadMessage('malformed', 'compressed messages are not supported');
      if (length > this.#most) {
        throw new BadMessage('too-large', `received message larger than max (${length} vs. ${this.#most})`);
      }
      if (start + headBytes + length > bytes.length) break;
      messages.push(bytes.subarray(start + headBytes, start + headBytes + length));
      start += headBytes + length;
    }
    this.#rest = start === bytes.length ? nothing : bytes.subarray(start);
    return messages;
  }
}

/** A gRPC message with its head. */
export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** JSON objects that follow one another, as etcd's gateway reads the body of a stream. `most`: bytes of one. */
export class JsonSplitter {
  readonly #most: number;
  #rest = '';
  #scanned = 0;
  #depth = 0;
  #inText = false;
  #escaped = false;

  constructor(most: number) {
    this.#most = most;
  }

  push(chunk: string): readonly unknown[] {
    this.#rest += chunk;
    const values: unknown[] = [];
    for (; this.#scanned < this.#rest.length; this.#scanned++) {
      if (!this.#endsAt(this.#rest[this.#scanned] ?? '')) continue;
      values.push(parse(this.#rest.slice(0, this.#scanned + 1)));
      this.#rest = this.#rest.slice(this.#scanned + 1);
      this.#scanned = -1;
    }
    if (this.#rest.length > this.#most)
      throw new BadMessage('too-large', `a message is larger than ${this.#most} bytes`);
    return values;
  }

  /** Whether an object ends with this character. */
  #endsAt(character: string): boolean {
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false;
      else if (character === '\\') this.#escaped = true;
      else if (character === '"') this.#inText = false;
      return false;
    }
    if (character === '"') this.#inText = true;
    else if (character === '{') this.#depth++;
    else if (character === '}') return --this.#depth <= 0;
    else if (this.#depth === 0 && !/\s/.test(character)) throw new BadMessage('malformed', `unexpected "${character}"`);
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadMessage('malformed', error instanceof Error ? error.message : String(error));
  }
}
