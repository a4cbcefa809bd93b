/** While one item of a directory is invalid, the build of that directory fails as a whole. */
import type { ConfigChange } from '../../config/config-objects.ts';
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

export const badItemPoisonsDirectory: Mutant = {
  name: 'bad-item-poisons-directory',
  kind: 'known-bad',
  summary: 'as long as one item is invalid, no change of any other comes into force',
  corpus: 'R49',
  anchor: 'apache/apisix#6387, traefik/traefik#10890',
  scenario: 'bad-items',
  subject: 'write-visible-delay',
  wrap: (seams) =>
    withStore(seams, (clean, store) => {
      // Built again, all at once, when the last invalid one is gone.
      let waiting: ConfigChange[] = [];
      return {
        apply(items) {
          const { changes, refusals } = clean.apply(items);
          waiting.push(...changes);
          if (store.rejected.size > 0) return { changes: [], refusals };
          const built = waiting;
          waiting = [];
          return { changes: built, refusals };
        },
      };
    }),
};
