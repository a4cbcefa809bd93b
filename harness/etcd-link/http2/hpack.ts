/**
 * Header blocks (RFC 7541). The link reads them as each sender compresses them and writes them anew as plain literals,
 * which leave the table of the receiver alone: so a block can be left out or put in without the two ends falling apart.
 */
import { decodeHuffman } from './huffman.ts';
import { staticTable } from './static-table.ts';

/** In order; a name may come more than once. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface Block {
  readonly headers: Headers;
  /** The changes of table size at the beginning, as they came: the receiver may insist on seeing them. */
  readonly sizeUpdates: Buffer;
}

const defaultTableBytes = 4_096;
/** What an entry costs beside its name and value. */
const entryBytes = 32;

export class HpackDecoder {
  /** Newest first. */
  readonly #table: (readonly [string, string])[] = [];
  #bytes = 0;
  #limit = defaultTableBytes;

  /** Throws a RangeError on what is no header block; the connection cannot go on then. */
  decode(block: Buffer): Block {
    const cursor = new Cursor(block);
    const headers: (readonly [string, string])[] = [];
    let updatesEnd = 0;
    while (cursor.at < block.length) {
      const first = block[cursor.at] ?? 0;
      if ((first & 0x80) !== 0) headers.push(this.#entry(cursor.integer(7)));
      else if ((first & 0xe0) === 0x20) {
        this.#limit = cursor.integer(5);
        this.#evict();
        updatesEnd = cursor.at;
      } else {
        const indexed = (first & 0xc0) === 0x40;
        const index = cursor.integer(indexed ? 6 : 4);
        const name = index === 0 ? cursor.text() : this.#entry(index)[0];
        const header = [name, cursor.text()] as const;
        headers.push(header);
        if (indexed) this.#add(header);
      }
    }
    return { headers, sizeUpdates: block.subarray(0, updatesEnd) };
  }

  #entry(index: number): readonly [string, string] {
    const entry = staticTable[index - 1] ?? this.#table[index - 1 - staticTable.length];
    if (entry === undefined) throw new RangeError(`no header at index ${index}`);
    return entry;
  }

  #add(header: readonly [string, string]): void {
    this.#table.unshift(header);
    this.#bytes += sizeOf(header);
    this.#evict();
  }

  #evict(): void {
    while (this.#bytes > this.#limit) {
      const oldest = this.#table.pop();
      if (oldest === undefined) return;
      this.#bytes -= sizeOf(oldest);
    }
  }
}

function sizeOf([name, value]: readonly [string, string]): number {
  return name.length + value.length + entryBytes;
}

class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** An integer whose first byte has so many bits for it. */
  integer(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      if (scale > 2 ** 28) throw new RangeError('an integer of a header block is too large');
    }
  }

  text(): string {
    const huffman = ((this.#bytes[this.at] ?? 0) & 0x80) !== 0;
    const length = this.integer(7);
    const end = this.at + length;
    if (end > this.#bytes.length) throw new RangeError('a header block ends within a text');
    const bytes = this.#bytes.subarray(this.at, end);
    this.at = end;
    return huffman ? decodeHuffman(bytes) : bytes.toString('latin1');
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new RangeError('a header block ends within an integer');
    return byte;
  }
}

/** A block of literals that no table keeps. */
export function encodeHeaders(headers: Headers, sizeUpdates: Buffer = Buffer.alloc(0)): Buffer {
  const parts = headers.flatMap(([name, value]) => [Buffer.of(0), encodeText(name), encodeText(value)]);
  return Buffer.concat([sizeUpdates, ...parts]);
}

function encodeText(text: string): Buffer {
  return Buffer.concat([Buffer.from(encodeInteger(text.length, 0x7f)), Buffer.from(text, 'latin1')]);
}

function encodeInteger(value: number, most: number): readonly number[] {
  if (value < most) return [value];
  const bytes = [most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
