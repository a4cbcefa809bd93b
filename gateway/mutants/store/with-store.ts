/** The store of a worker, with some of its methods replaced. */
import type { Item, Store, Taken } from '../../config/store.ts';
import type { Seams } from '../../seams.ts';

/** What the clean one does; `replace` goes through the changed `apply` as through the clean one. */
export interface CleanStore {
  readonly apply: Store['apply'];
  readonly replace: Store['replace'];
}

export function withStore(
  seams: Seams,
  change: (clean: CleanStore, store: Store, prefix: string) => Partial<CleanStore>,
): Seams {
  return {
    ...seams,
    createStore(prefix, keyring, read) {
      const store = seams.createStore(prefix, keyring, read);
      const clean = { apply: store.apply.bind(store), replace: store.replace.bind(store) };
      return Object.assign(store, change(clean, store, prefix));
    },
  };
}

/** One item after the other, until `go` says no. */
export function takeWhile(items: readonly Item[], apply: Store['apply'], go: (taken: Taken) => boolean): Taken {
  const changes: Taken['changes'][number][] = [];
  const refusals: Taken['refusals'][number][] = [];
  for (const item of items) {
    const taken = apply([item]);
    changes.push(...taken.changes);
    refusals.push(...taken.refusals);
    if (!go(taken)) break;
  }
  return { changes, refusals };
}
