/** The first read is all or nothing: what a running worker skips keeps one that starts from having anything. */
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

export const badItemFailsColdStart: Mutant = {
  name: 'bad-item-fails-cold-start',
  kind: 'known-bad',
  summary: 'with one invalid item in etcd a worker starts without any configuration',
  corpus: 'R51',
  anchor: 'envoyproxy/gateway#5147, envoyproxy/gateway#5182',
  scenario: 'bad-items-cold',
  subject: 'serve-last-good',
  wrap: (seams) =>
    withStore(seams, (clean, store) => {
      let started = false;
      return {
        replace(items) {
          const taken = clean.replace(items);
          const first = !started;
          started = true;
          if (!first || store.rejected.size === 0) return taken;
          // Taken out of the store again, so that it does not believe them to be in force.
          clean.replace([]);
          return { changes: [], refusals: taken.refusals };
        },
      };
    }),
};
