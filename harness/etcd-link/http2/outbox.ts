/** Collects what is to be written, so that frames which came in one piece leave in one piece. */
export class Outbox {
  readonly #write: (bytes: Buffer) => void;
  #parts: Buffer[] = [];
  #holding = false;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  add(bytes: Buffer): void {
    if (!this.#holding) {
      this.#write(bytes);
      return;
    }
    const last = this.#parts.at(-1);
    // Neighbours in the memory in which they came need no copy.
    if (last !== undefined && last.buffer === bytes.buffer && last.byteOffset + last.length === bytes.byteOffset) {
      this.#parts[this.#parts.length - 1] = Buffer.from(last.buffer, last.byteOffset, last.length + bytes.length);
    } else this.#parts.push(bytes);
  }

  hold(): void {
    this.#holding = true;
  }

  /** Writes what was collected, and whatever comes from now on at once. */
  release(): void {
    this.#holding = false;
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    const [first] = parts;
    this.#write(parts.length === 1 && first !== undefined ? first : Buffer.concat(parts));
  }
}
