/** A change only marks the table; the next request builds it, and all others wait for that. */
import type { Mutant } from '../mutant.ts';
import { rebuilding } from './rebuilding.ts';

export const rebuildOnRequestPath: Mutant = {
  name: 'rebuild-on-request-path',
  kind: 'known-bad',
  summary: 'the first request after a change rebuilds the whole route table',
  corpus: 'R35',
  anchor: 'Kong/kong#4974, Kong/kong#4639',
  scenario: 'route-flood',
  subject: 'latency-p99',
  wrap: (seams) => ({
    ...seams,
    createRouter() {
      const { hold, rebuild, router } = rebuilding(seams.createRouter);
      let stale = false;
      return {
        ...router,
        apply(changes) {
          changes.forEach(hold);
          stale ||= changes.length > 0;
        },
        match(request) {
          if (stale) rebuild();
          stale = false;
          return router.match(request);
        },
      };
    },
  }),
};
