/** Whoever began to probe keeps the lock, also after the checks were switched off: nobody begins again. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';

export const healthcheckLockOrphan: Mutant = {
  name: 'healthcheck-lock-orphan',
  kind: 'known-bad',
  summary: 'checks that are switched off and on again do not probe any more',
  corpus: 'R60',
  anchor: 'apache/apisix#13235',
  scenario: 'changed-objects',
  subject: 'conformance',
  wrap: (seams) => {
    const locked = new Set<string>();
    const checkedBefore = new Set<string>();
    return withObjects(seams, {
      after: {
        upstream(upstream) {
          const { key, checks } = upstream;
          if (checks?.active !== undefined) checkedBefore.add(key);
          else if (checkedBefore.has(key)) locked.add(key);
          return locked.has(key) ? { ...upstream, checks: undefined } : upstream;
        },
      },
    });
  },
};
