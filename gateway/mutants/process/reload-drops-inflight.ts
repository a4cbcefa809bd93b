/** A worker that is told to go, goes. */
import type { Mutant } from '../mutant.ts';

export const reloadDropsInflight: Mutant = {
  name: 'reload-drops-inflight',
  kind: 'known-bad',
  summary: 'a reload cuts off the requests that are under way',
  corpus: 'R85',
  anchor: 'apache/apisix#1853, apache/apisix#9909',
  scenario: 'reload',
  subject: 'error-share',
  wrap: (seams) => ({
    ...seams,
    trafficServer(...parts) {
      const server = seams.trafficServer(...parts);
      return {
        open: () => server.open(),
        get listening() {
          return server.listening;
        },
        drain: async () => undefined,
      };
    },
  }),
};
