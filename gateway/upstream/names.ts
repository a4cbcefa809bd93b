/**
 * Addresses of nodes that have a name, kept for as long as the DNS says (TTL). They are asked for again in the background
 * before that time is over: only the very first request for a name waits. When the DNS fails, the last good answer
 * serves on, for an hour at most.
 */
import type { LookupAddress } from 'node:dns';
import { type LookupFunction, isIP } from 'node:net';
import { type Resolve, resolverOf } from './resolve-name.ts';

/** The part of its time after which a name is asked for again. */
const refreshAt = 0.8;
/** Milliseconds, as all of these. */
const staleMs = 3_600_000;
/** A name that nobody used for this long is forgotten. */
const unusedMs = 600_000;
const retryBounds = { least: 1_000, most: 30_000 };
/** In this time a name that could not be found is not asked for again. */
const negativeMs = 1_000;

interface Known {
  readonly addresses: readonly string[];
  readonly fromDns: boolean;
  readonly goodAt: number;
}

interface Entry {
  known: Known | undefined;
  pending: Promise<Known> | undefined;
  failure: { readonly error: Error; readonly at: number } | undefined;
  timer: NodeJS.Timeout | undefined;
  turn: number;
  usedAt: number;
}

export class Names {
  readonly #resolve: Resolve;
  readonly #entries = new Map<string, Entry>();

  /** `server` is `address:port`; undefined: those of the system. */
  constructor(server?: string) {
    this.#resolve = resolverOf(server);
  }

  /** The addresses of a name in turn; undefined as long as it is not known. */
  next(name: string): string | undefined {
    const entry = this.#entries.get(name);
    if (entry?.known === undefined) return undefined;
    entry.usedAt = performance.now();
    const { addresses } = entry.known;
    return addresses[entry.turn++ % addresses.length];
  }

  /** For `net.connect`. `first` comes before the others, which are tried when it cannot be reached. */
  lookup(first?: string): LookupFunction {
    return (name, options, callback) => {
      const entry = this.#entryOf(name);
      const answer = ({ addresses }: Known): void => {
        const at = first === undefined ? entry.turn++ % addresses.length : addresses.indexOf(first);
        const list = at <= 0 ? addresses : [...addresses.slice(at), ...addresses.slice(0, at)];
        if (options.all === true) callback(null, list.map(described));
        else callback(null, list[0] ?? '', isIP(list[0] ?? ''));
      };
      if (entry.known !== undefined) process.nextTick(answer, entry.known);
      else this.#find(name, entry).then(answer, (error: NodeJS.ErrnoException) => callback(error, []));
    };
  }

  close(): void {
    for (const { timer } of this.#entries.values()) clearTimeout(timer);
    this.#entries.clear();
  }

  #entryOf(name: string): Entry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { known: undefined, pending: undefined, failure: undefined, timer: undefined, turn: 0, usedAt: 0 };
      this.#entries.set(name, entry);
    }
    entry.usedAt = performance.now();
    return entry;
  }

  /** One question, however many wait for its answer. */
  #find(name: string, entry: Entry): Promise<Known> {
    const { failure } = entry;
    if (failure !== undefined && performance.now() - failure.at < negativeMs) return Promise.reject(failure.error);
    entry.pending ??= this.#learn(name, entry).finally(() => (entry.pending = undefined));
    return entry.pending;
  }

  async #learn(name: string, entry: Entry): Promise<Known> {
    try {
      // A name that the DNS knew is the DNS's: what another source says must not take the place of its last answer.
      const { addresses, fromDns, ttlMs } = await this.#resolve(name, entry.known?.fromDns !== true);
      entry.known = { addresses, fromDns, goodAt: performance.now() };
      this.#plan(name, entry, ttlMs * refreshAt, retryBounds.least);
      return entry.known;
    } catch (error) {
      entry.failure = { error: error as Error, at: performance.now() };
      throw error;
    }
  }

  #plan(name: string, entry: Entry, ms: number, retryMs: number): void {
    clearTimeout(entry.timer);
    if (this.#entries.get(name) !== entry) return;
    entry.timer = setTimeout(() => void this.#refresh(name, entry, retryMs), ms).unref();
  }

  async #refresh(name: string, entry: Entry, retryMs: number): Promise<void> {
    const now = performance.now();
    if (now - entry.usedAt > unusedMs || now - (entry.known?.goodAt ?? 0) > staleMs) {
      this.#entries.delete(name);
      return;
    }
    try {
      await this.#learn(name, entry);
    } catch {
      this.#plan(name, entry, retryMs, Math.min(2 * retryMs, retryBounds.most));
    }
  }
}

function described(address: string): LookupAddress {
  return { address, family: isIP(address) };
}
