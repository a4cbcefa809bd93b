/** The entries of one path, by host. */
import type { Route } from '../config/config-objects.ts';
import { type Entry, compareMatches, insertSorted, removeRoute } from './entry.ts';

/** Rank of an exact host; a wildcard ranks by the length of its suffix, no host at all ranks 0. */
const exactRank = 1_000;

export interface Found {
  entry: Entry | undefined;
  hostRank: number;
}

export interface Wanted {
  readonly method: string;
  /** Lower case, without port. */
  readonly host: string;
}

export class Leaf {
  readonly #anyHost: Entry[] = [];
  readonly #exact = new Map<string, Entry[]>();
  readonly #suffixes = new Map<string, Entry[]>();

  get empty(): boolean {
    return this.#anyHost.length + this.#exact.size + this.#suffixes.size === 0;
  }

  add(entry: Entry): void {
    if (entry.route.hosts.length === 0) insertSorted(this.#anyHost, entry);
    for (const host of entry.route.hosts) {
      const [table, key] = this.#tableOf(host);
      let list = table.get(key);
      if (list === undefined) table.set(key, (list = []));
      insertSorted(list, entry);
    }
  }

  remove({ id, hosts }: Route): void {
    if (hosts.length === 0) removeRoute(this.#anyHost, id);
    for (const host of hosts) {
      const [table, key] = this.#tableOf(host);
      const list = table.get(key);
      if (list !== undefined && removeRoute(list, id) && list.length === 0) table.delete(key);
    }
  }

  /** Replaces what was found so far when an entry here wins over it. */
  find(wanted: Wanted, found: Found): void {
    const exact = this.#exact.size === 0 ? undefined : this.#exact.get(wanted.host);
    if (exact !== undefined) offer(exact, exactRank, wanted, found);
    for (const [suffix, entries] of this.#suffixes) {
      if (wanted.host.endsWith(suffix)) offer(entries, suffix.length, wanted, found);
    }
    offer(this.#anyHost, 0, wanted, found);
  }

  #tableOf(host: string): readonly [Map<string, Entry[]>, string] {
    return host.startsWith('*') ? [this.#suffixes, host.slice(1)] : [this.#exact, host];
  }
}

function offer(entries: readonly Entry[], hostRank: number, { method }: Wanted, found: Found): void {
  for (const entry of entries) {
    const { methods } = entry.route;
    if (methods.length > 0 && !methods.includes(method)) continue;
    const { entry: best, hostRank: bestRank } = found;
    if (best === undefined || compareMatches(entry, hostRank, best, bestRank) < 0) {
      found.entry = entry;
      found.hostRank = hostRank;
    }
    // The list is in winning order: the first that takes the method is the best of it.
    return;
  }
}
