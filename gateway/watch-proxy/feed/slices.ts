/** Pieces of the ring, ready to be written. Watchers that read the same in the same turn of the event loop share one. */
import type { Header } from '../../etcd/words.ts';
import type { SharedResponse } from '../downstream/shared-response.ts';
import { eventResponses } from './responses.ts';
import { responseBytes } from './revisions.ts';
import type { EventRing } from './ring.ts';
import { select } from './selection.ts';
import type { Watcher } from './watcher.ts';

interface Slice {
  readonly responses: readonly SharedResponse[];
  /** The revision after it. */
  readonly next: bigint;
  readonly events: number;
}

export class Slices {
  readonly #made = new Map<string, Slice>();

  /** What comes next for this watcher, no further than `until`: the rest comes to those that are live first. */
  of({ asks, selection, next }: Watcher, ring: EventRing, until: bigint, header: Header): Slice {
    const name = `${next} ${asks}`;
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const revisions = ring.read(next, responseBytes).filter(({ revision }) => revision <= until);
    const events = revisions.flatMap((revision) => revision.events);
    const chosen = select(selection, events);
    const responses = chosen.length === 0 ? [] : eventResponses(header, chosen, selection.fragment);
    const slice = { responses, next: (revisions.at(-1)?.revision ?? until) + 1n, events: chosen.length };
    if (this.#made.size === 0) setImmediate(() => this.clear());
    this.#made.set(name, slice);
    return slice;
  }

  clear(): void {
    this.#made.clear();
  }
}
