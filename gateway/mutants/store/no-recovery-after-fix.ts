/** An item that was invalid once is set aside, and nobody looks at it again. */
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

export const noRecoveryAfterFix: Mutant = {
  name: 'no-recovery-after-fix',
  kind: 'known-bad',
  summary: 'an invalid item that is put right is not served before a restart',
  corpus: 'R51',
  anchor: 'kgateway-dev/kgateway#14264',
  scenario: 'changed-objects',
  subject: 'conformance',
  wrap: (seams) =>
    withStore(seams, (clean) => {
      const aside = new Set<string>();
      return {
        apply(items) {
          const taken = clean.apply(items.filter(({ key }) => !aside.has(key)));
          for (const { key } of taken.refusals) aside.add(key);
          return taken;
        },
      };
    }),
};
