/** The slot of a deleted item holds `false`, which a full read takes for an item. */
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

export const deleteTombstoneHole: Mutant = {
  name: 'delete-tombstone-hole',
  kind: 'known-bad',
  summary: 'once something was deleted, a full read fails, and with it every later change',
  corpus: 'R12',
  anchor: 'apache/apisix#9336, apache/apisix#9847',
  scenario: 'compaction',
  subject: 'converge',
  wrap: (seams) =>
    withStore(seams, (clean) => {
      const slots = new Map<string, { readonly at: bigint } | false>();
      return {
        apply(items) {
          for (const { key, value, modRevision } of items)
            slots.set(key, value === undefined ? false : { at: modRevision });
          return clean.apply(items);
        },
        replace(items) {
          for (const [key, slot] of slots)
            if (slot === false) throw new TypeError(`attempt to index local 'item' (a boolean value): ${key}`);
          return clean.replace(items);
        },
      };
    }),
};
