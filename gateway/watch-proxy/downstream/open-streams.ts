/** The watch streams that are open, so that they can be counted, checked again, and ended when the proxy stops. */
import { noLeader } from './leader.ts';
import type { WatchSession } from './watch-session.ts';

export interface OpenStream {
  readonly session: WatchSession;
  /** Whether it is to end when etcd has no leader. */
  readonly wantsLeader: boolean;
  /** Ends the stream: etcd cannot serve it. Once is enough; again does nothing. */
  readonly fail: (reason: string) => void;
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

  /** etcd has no leader: the streams of clients that want to know of it end. */
  loseLeader(): void {
    for (const { wantsLeader, fail } of this.all) if (wantsLeader) fail(noLeader);
  }
}
