/** How often each number occurs, with the different ones at hand, largest first. They are few: lengths of names. */
export class Tally {
  readonly #counts = new Map<number, number>();
  #numbers: readonly number[] = [];

  /** Largest first. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  count(number: number, by: 1 | -1): void {
    const count = (this.#counts.get(number) ?? 0) + by;
    if (count === 0) this.#counts.delete(number);
    else this.#counts.set(number, count);
    if (this.#counts.size !== this.#numbers.length) this.#numbers = [...this.#counts.keys()].toSorted((a, b) => b - a);
  }
}
