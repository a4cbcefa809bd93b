/**
 * The last good configuration. Takes what etcd holds, keeps what is valid, and says what changed, so that whoever
 * routes can follow without rebuilding.
 */
import { hash } from 'node:crypto';
import { BadItem } from './bad-item.ts';
import type { ConfigChange, Kind } from './config-objects.ts';
import type { Keyring } from './keyring.ts';
import { kindOfDirectory } from './kinds/index.ts';
import { parseJson } from './parse.ts';
import { readObject } from './read-object.ts';

/** A key as etcd delivers it; without a value it was deleted. */
export interface Item {
  readonly key: string;
  readonly value: Buffer | undefined;
  readonly modRevision: bigint;
}

/** An item that does not count, and why. */
export interface Refusal {
  readonly key: string;
  readonly reason: string;
}

export interface Taken {
  readonly changes: readonly ConfigChange[];
  /** Refused now, or now for another reason. */
  readonly refusals: readonly Refusal[];
}

interface Place {
  readonly kind: Kind;
  readonly id: string;
}

export class Store {
  readonly #prefix: string;
  readonly #keyring: Keyring;
  readonly #read: typeof readObject;
  /**
   * Keys whose last good value is in force, with a digest of its bytes. Not with its revision: an etcd that was wiped
   * and filled again counts from the start, so that the same revision may stand for another value.
   */
  readonly #good = new Map<string, string>();
  readonly #rejected = new Map<string, string>();
  readonly #counts = new Map<Kind, number>();

  /** `prefix` has no trailing slash. */
  constructor(prefix: string, keyring: Keyring = [], read: typeof readObject = readObject) {
    this.#prefix = `${prefix}/`;
    this.#keyring = keyring;
    this.#read = read;
  }

  /** Keys whose newest value does not count, with the reason. Their last good value stays in force. */
  get rejected(): ReadonlyMap<string, string> {
    return this.#rejected;
  }

  count(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Events in the order of their revisions. One bad item never takes its neighbours with it (apache/apisix#11267). */
  apply(items: readonly Item[]): Taken {
    const changes: ConfigChange[] = [];
    const refusals: Refusal[] = [];
    for (const item of items) this.#take(item, changes, refusals);
    return { changes, refusals };
  }

  /** A whole snapshot: what it lacks is deleted, what is unchanged is left alone. */
  replace(items: readonly Item[]): Taken {
    const present = new Set(items.map(({ key }) => key));
    const known = [...this.#good.keys(), ...this.#rejected.keys()];
    const gone = known.filter((key) => !present.has(key)).map((key) => ({ key, value: undefined, modRevision: 0n }));
    return this.apply([...gone, ...items]);
  }

  #take({ key, value }: Item, changes: ConfigChange[], refusals: Refusal[]): void {
    const place = this.#place(key);
    if (place === undefined) return;
    if (value === undefined) {
      this.#rejected.delete(key);
      if (!this.#good.delete(key)) return;
      this.#counted(place.kind, -1);
      changes.push({ ...place, op: 'delete' });
      return;
    }
    const digest = hash('sha1', value, 'base64');
    if (this.#good.get(key) === digest) {
      this.#rejected.delete(key);
      return;
    }
    try {
      changes.push(this.#parsed(place, value));
      if (!this.#good.has(key)) this.#counted(place.kind, 1);
      this.#good.set(key, digest);
      this.#rejected.delete(key);
    } catch (error) {
      if (!(error instanceof BadItem)) throw error;
      if (this.#rejected.get(key) !== error.message) refusals.push({ key, reason: error.message });
      this.#rejected.set(key, error.message);
    }
  }

  #parsed({ kind, id }: Place, bytes: Buffer): ConfigChange {
    return { kind, op: 'put', id, value: this.#read(kind, id, parseJson(bytes), this.#keyring) } as ConfigChange;
  }

  #counted(kind: Kind, by: 1 | -1): void {
    this.#counts.set(kind, this.count(kind) + by);
  }

  /** Undefined for whatever is no object of ours, such as the marker `init_dir` at `<prefix>/routes/`. */
  #place(key: string): Place | undefined {
    if (!key.startsWith(this.#prefix)) return undefined;
    const slash = key.indexOf('/', this.#prefix.length);
    const kind = kindOfDirectory.get(key.slice(this.#prefix.length, slash));
    const id = key.slice(slash + 1);
    return slash < 0 || kind === undefined || id === '' ? undefined : { kind, id };
  }
}
