/** Lets any number of changes run beside each other, and one that needs all of them to rest run alone. */
export class Gate {
  readonly #running = new Set<Promise<unknown>>();
  #alone: Promise<void> | undefined;

  /** Runs `act`, after whoever runs alone. */
  async pass<T>(act: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const running = act();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Runs `act` when those that passed have ended; nobody passes meanwhile. */
  async alone<T>(act: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alone = promise;
    try {
      await Promise.allSettled(this.#running);
      return await act();
    } finally {
      this.#alone = undefined;
      resolve();
    }
  }
}
