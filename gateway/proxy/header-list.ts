/**
 * Header fields in their order, names and values in turn, found without regard to case (RFC 9110 §5.1). What a field may
 * not hold is left out of values that are put in: they may have come from the client, by a variable, and a line break
 * among them would be another header, or an exception where the head is written.
 */
export class HeaderList {
  readonly #flat: string[];

  /** Takes the list over: names and values in turn. */
  constructor(flat: string[] = []) {
    this.#flat = flat;
  }

  /** Names and values in turn. */
  get flat(): string[] {
    return this.#flat;
  }

  /** The first value. */
  get(name: string): string | undefined {
    const index = this.#find(name, 0);
    return index < 0 ? undefined : this.#flat[index + 1];
  }

  has(name: string): boolean {
    return this.#find(name, 0) >= 0;
  }

  /** Puts the value where the first one was, or at the end; others of that name go. */
  set(name: string, value: string): void {
    const first = this.#find(name, 0);
    if (first < 0) return this.append(name, value);
    this.#flat[first + 1] = cleaned(value);
    this.#remove(name, first + 2);
  }

  /** One more field, whether or not there is one of that name. */
  append(name: string, value: string): void {
    this.#flat.push(name, cleaned(value));
  }

  delete(name: string): void {
    this.#remove(name, 0);
  }

  #remove(name: string, from: number): void {
    for (let index = this.#find(name, from); index >= 0; index = this.#find(name, index)) this.#flat.splice(index, 2);
  }

  #find(name: string, from: number): number {
    const wanted = name.toLowerCase();
    for (let index = from; index < this.#flat.length; index += 2) {
      const there = this.#flat[index] ?? '';
      if (there.length === wanted.length && there.toLowerCase() === wanted) return index;
    }
    return -1;
  }
}

const forbidden = /[^\t\x20-\x7e\x80-\xff]/g;

function cleaned(value: string): string {
  return value.replace(forbidden, '');
}
