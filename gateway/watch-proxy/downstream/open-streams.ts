/** The watch streams that are open, so that they can be counted, checked again, and ended when the proxy stops. */
import type { WatchSession } from './watch-session.ts';

export interface OpenStream {
  readonly session: WatchSession;
  /** Ends the stream so that its client goes on elsewhere. */
  readonly leave: () => void;
}

export class OpenStreams {
  readonly #open = new Set<OpenStream>();

  add(stream: OpenStream): void {
    this.#open.add(stream);
  }

  delete(stream: OpenStream): void {
    this.#open.delete(stream);
  }

  get size(): number {
    return this.#open.size;
  }

  get all(): readonly OpenStream[] {
    return [...this.#open];
  }
}
