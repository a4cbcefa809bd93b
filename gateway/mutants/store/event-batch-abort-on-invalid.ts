/** The loop over the events of one response ends at the first that does not fit its schema. */
import type { Mutant } from '../mutant.ts';
import { takeWhile, withStore } from './with-store.ts';

export const eventBatchAbortOnInvalid: Mutant = {
  name: 'event-batch-abort-on-invalid',
  kind: 'known-bad',
  summary: 'one invalid item takes the changes behind it in the same response with it',
  corpus: 'R06',
  anchor: 'apache/apisix#11267',
  scenario: 'bad-items',
  subject: 'no-lost-update',
  wrap: (seams) =>
    withStore(seams, (clean) => {
      let listing = false;
      return {
        replace(items) {
          listing = true;
          try {
            return clean.replace(items);
          } finally {
            listing = false;
          }
        },
        apply: (items) =>
          listing ? clean.apply(items) : takeWhile(items, clean.apply, ({ refusals }) => refusals.length === 0),
      };
    }),
};
