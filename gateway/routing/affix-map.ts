/**
 * Values under prefixes or suffixes, found in one look-up for each different length. Trying every key in turn would make
 * a request pay for all `*.customer.com` of the table.
 */
import { Tally } from './tally.ts';

export class AffixMap<V> {
  readonly #values = new Map<string, V>();
  readonly #lengths = new Tally();

  get empty(): boolean {
    return this.#values.size === 0;
  }

  /** Different lengths of the keys, longest first. */
  get lengths(): readonly number[] {
    return this.#lengths.numbers;
  }

  get(affix: string): V | undefined {
    return this.#values.get(affix);
  }

  set(affix: string, value: V): void {
    if (!this.#values.has(affix)) this.#lengths.count(affix.length, 1);
    this.#values.set(affix, value);
  }

  delete(affix: string): void {
    if (this.#values.delete(affix)) this.#lengths.count(affix.length, -1);
  }
}
