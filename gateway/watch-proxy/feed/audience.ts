/** The watchers that get what comes, together with all those that ask for the same. */
import { type Selection, nameOf } from './selection.ts';
import type { Watcher } from './watcher.ts';

interface Group {
  readonly selection: Selection;
  readonly watchers: Set<Watcher>;
}

export class Audience {
  readonly #groups = new Map<string, Group>();

  get groups(): Iterable<Group> {
    return this.#groups.values();
  }

  join(watcher: Watcher): void {
    watcher.state = 'live';
    const name = nameOf(watcher.selection);
    const group = this.#groups.get(name) ?? { selection: watcher.selection, watchers: new Set() };
    group.watchers.add(watcher);
    this.#groups.set(name, group);
  }

  leave(watcher: Watcher): void {
    if (watcher.state !== 'live') return;
    const name = nameOf(watcher.selection);
    const group = this.#groups.get(name);
    group?.watchers.delete(watcher);
    if (group?.watchers.size === 0) this.#groups.delete(name);
  }
}
