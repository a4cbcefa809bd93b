/** Pieces of the ring, ready to be written, and kept for a moment: clients that come back together read the same. */
import type { Header } from '../../etcd/words.ts';
import type { SharedResponse } from '../downstream/shared-response.ts';
import { eventResponses } from './responses.ts';
import { responseBytes } from './revisions.ts';
import type { EventRing, Revision } from './ring.ts';
import { type Selection, select } from './selection.ts';
import type { Watcher } from './watcher.ts';

interface Slice {
  readonly responses: readonly SharedResponse[];
  /** The revision after it. */
  readonly next: bigint;
  readonly events: number;
}

/** Of a megabyte or so, in each protocol that is asked for. */
const mostKept = 8;
/** From the first one on. Milliseconds. */
const keptMs = 1_000;

export class Slices {
  /** Those used last are the last. */
  readonly #made = new Map<string, Slice>();
  #clearing: NodeJS.Timeout | undefined;

  /** What comes next for this watcher, no further than `until`: the rest comes to those that are live first. */
  of({ asks, selection, next }: Watcher, ring: EventRing, until: bigint, header: Header): Slice {
    const name = `${next} ${asks}`;
    const slice = this.#made.get(name) ?? make(selection, ring.read(next, responseBytes), until, header);
    this.#made.delete(name);
    this.#made.set(name, slice);
    for (const oldest of this.#made.keys()) if (this.#made.size > mostKept) this.#made.delete(oldest);
    this.#clearing ??= setTimeout(() => this.clear(), keptMs).unref();
    return slice;
  }

  clear(): void {
    clearTimeout(this.#clearing);
    this.#clearing = undefined;
    this.#made.clear();
  }
}

function make(selection: Selection, read: readonly Revision[], until: bigint, header: Header): Slice {
  const revisions = read.filter(({ revision }) => revision <= until);
  const events = revisions.flatMap((revision) => revision.events);
  const chosen = select(selection, events);
  const responses = chosen.length === 0 ? [] : eventResponses(header, chosen, selection.fragment);
  return { responses, next: (revisions.at(-1)?.revision ?? until) + 1n, events: chosen.length };
}
