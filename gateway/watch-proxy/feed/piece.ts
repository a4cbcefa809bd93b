/** A piece of etcd's history, ready to be written. Those who get the same of it share its responses. */
import type { Header } from '../../etcd/words.ts';
import type { SharedResponse } from '../downstream/shared-response.ts';
import { eventResponses } from './responses.ts';
import { bigger } from './revisions.ts';
import type { FeedEvent, Revision } from './ring.ts';
import { select } from './selection.ts';
import type { Watcher } from './watcher.ts';

export class Piece {
  /** Everything up to here is in it or in those before it. */
  readonly last: bigint;
  readonly #events: readonly FeedEvent[];
  readonly #first: bigint;
  readonly #made = new Map<string, readonly SharedResponse[]>();

  /** `last`: also of what holds no events. */
  constructor(revisions: readonly Revision[], last: bigint) {
    this.last = last;
    this.#events = revisions.flatMap(({ events }) => events);
    this.#first = revisions[0]?.revision ?? last;
  }

  /** What of it this watcher has not got yet, and asks for. */
  of({ asks, selection, next }: Watcher, header: () => Header): readonly SharedResponse[] {
    const from = bigger(next, this.#first);
    const name = `${from} ${asks}`;
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const wanted = this.#events.filter(({ raw }) => BigInt(raw.kv.mod_revision) >= from);
    const chosen = select(selection, wanted);
    const responses = chosen.length === 0 ? [] : eventResponses(header(), chosen, selection.fragment);
    this.#made.set(name, responses);
    return responses;
  }
}
