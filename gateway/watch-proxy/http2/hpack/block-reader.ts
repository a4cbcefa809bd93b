/** Reads the numbers and strings of a header block (RFC 7541, 5). */
import { ConnectionError, ErrorCode } from '../errors.ts';
import { decodeHuffman } from './huffman.ts';

/** Continuation bytes of a number: four hold more than anything here can be. */
const mostShift = 21;

export class BlockReader {
  readonly #block: Buffer;
  #at = 0;

  constructor(block: Buffer) {
    this.#block = block;
  }

  get done(): boolean {
    return this.#at === this.#block.length;
  }

  /** The next byte, which stays: its first bits say what it is. */
  get next(): number {
    return this.#block[this.#at] ?? 0;
  }

  /** A number that begins in the last `bits` bits of the next byte. */
  number(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.#byte() & most;
    if (value < most) return value;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift > mostShift) throw new ConnectionError(ErrorCode.compression, 'a number is too large');
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  /** As latin1 text. */
  text(): string {
    const isHuffman = this.next >= 0x80;
    const end = this.number(7) + this.#at;
    if (end > this.#block.length) throw new ConnectionError(ErrorCode.compression, 'a string is cut off');
    const bytes = this.#block.subarray(this.#at, end);
    this.#at = end;
    return isHuffman ? decodeHuffman(bytes) : bytes.toString('latin1');
  }

  #byte(): number {
    const byte = this.#block[this.#at++];
    if (byte === undefined) throw new ConnectionError(ErrorCode.compression, 'a header block is cut off');
    return byte;
  }
}
