/** The streams of a connection: which are open, which ids were used, and what came of them. */
import { Allowance } from './allowance.ts';
import { ConnectionError, ErrorCode } from './errors.ts';
import type { Http2Stream } from './stream.ts';

/** What the client has sent before it knew of the reset still comes: of so many streams that is remembered. */
const mostRemembered = 256;
/** Streams that are opened and at once given up cost us more than the client (CVE-2023-44487, CVE-2025-8671). */
const resets = { most: 1_000, perSecond: 100 };

export class Streams {
  readonly #open = new Map<number, Http2Stream>();
  readonly #allowance = new Allowance(resets.most, resets.perSecond);
  #reset: Set<number> | undefined;
  #last = 0;

  /** The highest id that the client has used; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  get size(): number {
    return this.#open.size;
  }

  get all(): readonly Http2Stream[] {
    return [...this.#open.values()];
  }

  /** Undefined when it is closed. Throws when it was never opened. */
  get(id: number): Http2Stream | undefined {
    if (id > this.#last || id % 2 === 0) throw new ConnectionError(ErrorCode.protocol, `stream ${id} is not open`);
    return this.#open.get(id);
  }

  /** Ids are odd, and they only grow. Throws otherwise. */
  use(id: number): void {
    if (id % 2 === 0) throw new ConnectionError(ErrorCode.protocol, `clients do not open stream ${id}`);
    this.#last = id;
  }

  add(stream: Http2Stream): void {
    this.#open.set(stream.id, stream);
  }

  delete(id: number): void {
    this.#open.delete(id);
  }

  /** Whether it was reset a moment ago, so that what comes for it is no mistake. */
  wasReset(id: number): boolean {
    return this.#reset?.has(id) === true;
  }

  rememberReset(id: number): void {
    this.#reset ??= new Set();
    this.#reset.add(id);
    if (this.#reset.size <= mostRemembered) return;
    for (const oldest of this.#reset) {
      this.#reset.delete(oldest);
      return;
    }
  }

  /** The client gave a stream up, or made us do it. Throws when that is all it does. */
  countReset(): void {
    if (!this.#allowance.spend()) throw new ConnectionError(ErrorCode.enhanceYourCalm, 'too many streams are reset');
  }
}
