/** The watchers that get what comes, together with all those that ask for the same. */
import type { Header } from '../../etcd/words.ts';
import type { Form, SharedResponse } from '../downstream/shared-response.ts';
import { eventResponses } from './responses.ts';
import type { FeedEvent } from './ring.ts';
import { type Selection, select } from './selection.ts';
import type { Watcher } from './watcher.ts';

/** Watchers that ask for the same. */
interface Group {
  readonly selection: Selection;
  /** By the name of their form. */
  readonly alike: Map<string, Alike>;
}

/** Watchers that get the same bytes. */
interface Alike {
  readonly form: Form;
  readonly watchers: Set<Watcher>;
}

export class Audience {
  readonly #groups = new Map<string, Group>();

  join(watcher: Watcher): void {
    watcher.state = 'live';
    const { asks, selection, form } = watcher;
    const group = this.#groups.get(asks) ?? { selection, alike: new Map<string, Alike>() };
    const alike = group.alike.get(form.name) ?? { form, watchers: new Set<Watcher>() };
    alike.watchers.add(watcher);
    group.alike.set(form.name, alike);
    this.#groups.set(asks, group);
  }

  leave(watcher: Watcher): void {
    if (watcher.state !== 'live') return;
    const { asks, form } = watcher;
    const group = this.#groups.get(asks);
    const alike = group?.alike.get(form.name);
    alike?.watchers.delete(watcher);
    if (alike?.watchers.size === 0) group?.alike.delete(form.name);
    if (group?.alike.size === 0) this.#groups.delete(asks);
  }

  /** Writes to each what it asks for. `full`: told of whose client takes too little. Returns the events written. */
  give(header: Header, events: readonly FeedEvent[], full: (watcher: Watcher) => void): number {
    let written = 0;
    for (const { selection, alike } of this.#groups.values()) {
      const chosen = select(selection, events);
      if (chosen.length === 0) continue;
      const responses = eventResponses(header, chosen, selection.fragment);
      for (const each of alike.values()) written += chosen.length * giveAlike(each, responses, full);
    }
    return written;
  }
}

/** Returns how many have got it. */
function giveAlike(
  { form, watchers }: Alike,
  responses: readonly SharedResponse[],
  full: (watcher: Watcher) => void,
): number {
  const [first, ...rest] = responses.map((response) => response.encoded(form));
  if (first === undefined) return 0;
  for (const watcher of watchers) {
    if (!watcher.offer(first)) full(watcher);
    else for (const part of rest) watcher.outlet.write(part);
  }
  // Those that are full have left.
  return watchers.size;
}
