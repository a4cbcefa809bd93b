/** Whether a client is still there. It is looked at every few seconds, all connections by one timer. */

/** How often `look` is to be called. Milliseconds. */
export const lookMs = 5_000;

/** In looks: without a first word, without any word before it is asked for one and given up, and without a request. */
const most = { beforeStart: 2, silent: 12, unanswered: 16, idle: 120 };

/** `ask`: for a word, by PING. `idle`: it may go. `dead`: it is gone without having said so. */
export type Verdict = 'alive' | 'ask' | 'idle' | 'dead';

export class Liveness {
  #silent = 0;
  #idle = 0;

  /** The client said something. */
  heard(): void {
    this.#silent = 0;
  }

  look(hasStarted: boolean, streams: number): Verdict {
    this.#silent++;
    this.#idle = streams > 0 ? 0 : this.#idle + 1;
    if (this.#silent >= (hasStarted ? most.unanswered : most.beforeStart)) return 'dead';
    if (this.#idle >= most.idle) return 'idle';
    return this.#silent === most.silent ? 'ask' : 'alive';
  }
}
