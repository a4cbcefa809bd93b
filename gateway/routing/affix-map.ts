/**
 * Values under prefixes or suffixes, found in one look-up for each different length. Trying every key in turn would make
 * a request pay for all `*.customer.com` of the table.
 */
export class AffixMap<V> {
  readonly #values = new Map<string, V>();
  /** Number of keys of each length. */
  readonly #counts = new Map<number, number>();
  #lengths: readonly number[] = [];

  get empty(): boolean {
    return this.#values.size === 0;
  }

  /** Longest first. */
  get lengths(): readonly number[] {
    return this.#lengths;
  }

  get(affix: string): V | undefined {
    return this.#values.get(affix);
  }

  set(affix: string, value: V): void {
    if (!this.#values.has(affix)) this.#count(affix.length, 1);
    this.#values.set(affix, value);
  }

  delete(affix: string): void {
    if (this.#values.delete(affix)) this.#count(affix.length, -1);
  }

  #count(length: number, by: 1 | -1): void {
    const count = (this.#counts.get(length) ?? 0) + by;
    if (count === 0) this.#counts.delete(length);
    else this.#counts.set(length, count);
    if (this.#counts.size !== this.#lengths.length) this.#lengths = [...this.#counts.keys()].toSorted((a, b) => b - a);
  }
}
