/** A change skips what is invalid and keeps what was there; a full read begins with nothing and so drops it. */
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

export const fullReloadDropsInvalid: Mutant = {
  name: 'full-reload-drops-invalid',
  kind: 'known-bad',
  summary: 'an object whose newest value is invalid is served until an unrelated full read, which drops it',
  corpus: 'R07',
  anchor: 'apache/apisix#13717, apache/apisix#12834',
  scenario: 'changed-objects',
  subject: 'conformance',
  wrap: (seams) =>
    withStore(seams, (clean, store) => ({
      replace(items) {
        const { changes, refusals } = clean.replace(items);
        const invalid = [...store.rejected.keys()];
        const dropped = clean.apply(invalid.map((key) => ({ key, value: undefined, modRevision: 0n })));
        return { changes: [...changes, ...dropped.changes], refusals };
      },
    })),
};
