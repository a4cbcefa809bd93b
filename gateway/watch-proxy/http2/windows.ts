/** What a client may send before we have taken it (RFC 9113, 5.2): of a stream, or of the connection. */
export class ReceiveWindow {
  readonly #size: number;
  /** What may yet come, and what we have taken since the client was last told. Bytes. */
  #left: number;
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
    this.#left = size;
  }

  /** Whether it was allowed. */
  receive(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left >= 0;
  }

  /** By how much the client is to be told that the window opens; 0 while that is not worth a frame. */
  take(bytes: number): number {
    this.#taken += bytes;
    if (this.#taken * 2 < this.#size) return 0;
    const taken = this.#taken;
    this.#left += taken;
    this.#taken = 0;
    return taken;
  }
}
