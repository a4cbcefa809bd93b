/** Where the packed tree keeps what cannot be packed: the entries at each of its nodes, by number. */
import { type Entries, type Entry, withEntry, withoutEntry } from './entry.ts';

export class Places {
  /** Place 0 stays empty: a node says with it that it has none. */
  readonly #entries: (Entries | undefined)[] = [undefined];
  readonly #free: number[] = [];

  at(place: number): Entries | undefined {
    return this.#entries[place];
  }

  /** The place with the entry in it; a new one for place 0. */
  with(place: number, entry: Entry): number {
    const there = place === 0 ? (this.#free.pop() ?? this.#entries.length) : place;
    this.#entries[there] = withEntry(this.#entries[there], entry);
    return there;
  }

  /** The place without the entry; 0 when nothing is left there. */
  without(place: number, entry: Entry): number {
    if (place === 0) return 0;
    this.#entries[place] = withoutEntry(this.#entries[place], entry);
    if (this.#entries[place] !== undefined) return place;
    this.#free.push(place);
    return 0;
  }
}
