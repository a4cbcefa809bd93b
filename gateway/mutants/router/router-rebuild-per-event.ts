/** Each event of a batch builds the whole table anew. */
import type { Mutant } from '../mutant.ts';
import { rebuilding } from './rebuilding.ts';

/** The first load is one batch in every gateway. */
export const routerRebuildPerEvent: Mutant = {
  name: 'router-rebuild-per-event',
  kind: 'known-bad',
  summary: 'a batch of changes rebuilds the route table once for each of them',
  corpus: 'R33',
  anchor: 'apache/apisix#9140, apache/apisix#12466',
  scenario: 'route-flood',
  subject: 'latency-p99',
  wrap: (seams) => ({
    ...seams,
    createRouter() {
      const { hold, rebuild, router } = rebuilding(seams.createRouter);
      let loaded = false;
      return {
        ...router,
        apply(changes) {
          for (const change of changes) {
            hold(change);
            if (loaded) rebuild();
          }
          if (!loaded) rebuild();
          loaded = true;
        },
      };
    },
  }),
};
