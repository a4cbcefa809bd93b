/** One fault that holds: whom it hits, and what it has done so far. */
import type { Aim, LinkFault } from '../../scenarios/link-faults.ts';
import type { FaultCounters } from '../model/etcd-link.ts';

/** Whose a connection is, and which. */
export interface Origin {
  readonly number: number;
  readonly gateway: NonNullable<Aim['gateway']>;
}

export class Strike {
  readonly fault: LinkFault;
  /** Where the share begins to count, from the seed. */
  readonly #phase: number;
  /** Numbers of the connections that were open when the fault began, in order, and of the newest. */
  readonly #open: readonly number[];
  readonly #newest: number;
  readonly #hit: Set<object> = new Set();
  #asked = 0;
  #hits = 0;
  #units = 0;
  #bytes = 0;

  constructor(fault: LinkFault, seed: number, open: readonly number[], newest: number) {
    this.fault = fault;
    this.#phase = fractionOf(seed);
    this.#open = open;
    this.#newest = newest;
  }

  /** Decides once for each call or connection, in their order, so that of n the share is hit, to the next whole one. */
  hits(target: object, { number, gateway }: Origin): boolean {
    const { connection: only, share = 1, gateway: whose = gateway } = this.fault;
    if (whose !== gateway) return false;
    if (only !== undefined && only !== this.#ordinal(number)) return false;
    const before = Math.floor(this.#asked * share + this.#phase * (1 - share));
    this.#asked++;
    const hit = Math.floor(this.#asked * share + this.#phase * (1 - share)) > before;
    if (hit) {
      this.#hits++;
      this.#hit.add(target);
    }
    return hit;
  }

  /** It did something to so many messages (pieces, calls, connections), of so many bytes. */
  did(units: number, bytes: number): void {
    this.#units += units;
    this.#bytes += bytes;
  }

  left(target: object): void {
    this.#hit.delete(target);
  }

  counters(): FaultCounters {
    return { fault: this.fault, hits: this.#hits, open: this.#hit.size, units: this.#units, bytes: this.#bytes };
  }

  #ordinal(connection: number): number {
    const at = this.#open.indexOf(connection);
    return at >= 0 ? at + 1 : this.#open.length + connection - this.#newest;
  }
}

/** A number from 0 to below 1 that differs for seeds that are close (Knuth's multiplicative hash). */
function fractionOf(seed: number): number {
  return (Math.imul(seed | 0, 2_654_435_761) >>> 0) / 2 ** 32;
}
