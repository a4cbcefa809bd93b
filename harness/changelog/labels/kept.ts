/** What was found once for a key. A file may be made of keys that come once, so that no more than `most` are kept. */
export class Kept<V> {
  readonly #most: number;
  readonly #known = new Map<string, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, find: () => V): V {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= this.#most) this.#known.clear();
    const value = find();
    this.#known.set(key, value);
    return value;
  }
}
