/** The keys of a span as they are now: what a serializable read answers, and what an event found before it. */
import type { RawEvent, RawKeyValue } from '../../etcd/rpc.ts';
import { type Span, keyOf } from '../span.ts';

export class Mirror {
  readonly #values = new Map<string, RawKeyValue>();
  /** In the order of bytes, as etcd lists. */
  #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** `all`: in the order of their keys, as etcd lists them. */
  replace(all: readonly RawKeyValue[]): void {
    this.#values.clear();
    for (const value of all) this.#values.set(keyOf(value.key), value);
    this.#keys = [...this.#values.keys()];
  }

  /** Takes an event and returns what the key held before. */
  apply(key: string, { type, kv }: RawEvent): RawKeyValue | undefined {
    const before = this.#values.get(key);
    if (type === 'Delete') {
      if (this.#values.delete(key)) this.#keys.splice(this.#indexOf(key), 1);
      return before;
    }
    this.#values.set(key, kv);
    if (before === undefined) this.#keys.splice(this.#indexOf(key), 0, key);
    return before;
  }

  /** In the order of their keys. */
  *within({ from, to }: Span): Generator<RawKeyValue> {
    for (let index = this.#indexOf(from); index < this.#keys.length; index++) {
      const key = this.#keys[index] ?? '';
      if (to !== undefined && key >= to) return;
      const value = this.#values.get(key);
      if (value !== undefined) yield value;
    }
  }

  /** Of the first key that is not before `wanted`. */
  #indexOf(wanted: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
