/** How often a client may do what costs us something and brings it nothing; more than that is an attack or a fault. */
export class Allowance {
  readonly #most: number;
  readonly #perMs: number;
  #left: number;
  #at: number = performance.now();

  constructor(most: number, perSecond: number) {
    this.#most = most;
    this.#perMs = perSecond / 1_000;
    this.#left = most;
  }

  /** Whether it was within the allowance. `earned`: what has been added to it meanwhile for work that was of use. */
  spend(earned: number = 0): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs + earned);
    this.#at = now;
    return --this.#left >= 0;
  }
}
