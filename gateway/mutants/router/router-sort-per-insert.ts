/** Every change sorts all routes and builds the whole table anew, as a radix tree without incremental update must. */
import type { Mutant } from '../mutant.ts';
import { rebuilding } from './rebuilding.ts';

export const routerSortPerInsert: Mutant = {
  name: 'router-sort-per-insert',
  kind: 'known-bad',
  summary: 'every route change sorts and rebuilds the whole route table',
  corpus: 'R32',
  anchor: 'api7/lua-resty-radixtree#62, apache/apisix#4265',
  scenario: 'route-flood',
  subject: 'latency-p99',
  wrap: (seams) => ({
    ...seams,
    createRouter() {
      const { hold, rebuild, router } = rebuilding(seams.createRouter);
      return {
        ...router,
        apply(changes) {
          changes.forEach(hold);
          // A first load is one batch in every gateway; it is the single change afterwards that pays for the whole table.
          if (changes.length > 0) rebuild();
        },
      };
    },
  }),
};
