/** The newest history of a span, whole revisions only, bounded by events and bytes. */
import type { RawEvent } from '../../etcd/rpc.ts';

/** One event with what is asked of it again and again. */
export interface FeedEvent {
  readonly key: string;
  /** With `prev_kv` wherever the key held something before. */
  readonly raw: RawEvent;
}

/** All events of one revision of etcd, in etcd's order: they belong together. */
export interface Revision {
  readonly revision: bigint;
  readonly events: readonly FeedEvent[];
  readonly bytes: number;
}

export interface RingLimits {
  readonly events: number;
  readonly bytes: number;
}

export class EventRing {
  readonly #limits: RingLimits;
  #revisions: Revision[] = [];
  /** Revisions before this index are evicted; they are cut off when they are half of the array. */
  #head = 0;
  #events = 0;
  #bytes = 0;
  #first: bigint;

  /** `first`: the revision from which everything will be appended. */
  constructor(limits: RingLimits, first: bigint) {
    this.#limits = limits;
    this.#first = first;
  }

  /** The oldest revision from which nothing is missing. */
  get first(): bigint {
    return this.#first;
  }

  get events(): number {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(revision: Revision): void {
    this.#revisions.push(revision);
    this.#events += revision.events.length;
    this.#bytes += revision.bytes;
    while (this.#events > this.#limits.events || this.#bytes > this.#limits.bytes) this.#evict();
    if (this.#head * 2 <= this.#revisions.length) return;
    this.#revisions = this.#revisions.slice(this.#head);
    this.#head = 0;
  }

  /** Revisions from `from` on, as many as have this size together, but one at least where there is one. Bytes. */
  read(from: bigint, mostBytes: number): readonly Revision[] {
    const start = this.#indexOf(from);
    let end = start;
    for (let bytes = 0; end < this.#revisions.length && (end === start || bytes < mostBytes); end++) {
      bytes += this.#revisions[end]?.bytes ?? 0;
    }
    return this.#revisions.slice(start, end);
  }

  #evict(): void {
    const oldest = this.#revisions[this.#head];
    if (oldest === undefined) return;
    this.#events -= oldest.events.length;
    this.#bytes -= oldest.bytes;
    this.#first = oldest.revision + 1n;
    this.#head++;
  }

  /** Of the first revision that is not before `wanted`. */
  #indexOf(wanted: bigint): number {
    let [low, high] = [this.#head, this.#revisions.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#revisions[middle]?.revision ?? 0n) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
