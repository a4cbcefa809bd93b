/** The checker of an upstream is not ended with it. */
import type { Mutant } from '../mutant.ts';

export const healthcheckLeak: Mutant = {
  name: 'healthcheck-leak',
  kind: 'known-bad',
  summary: 'nodes of a deleted upstream are probed for ever',
  corpus: 'R57',
  anchor: 'apache/apisix#8932, apache/apisix#11760',
  scenario: 'changed-objects',
  subject: 'conformance',
  wrap: (seams) => ({
    ...seams,
    createLiveConfig(router, options) {
      const live = seams.createLiveConfig(router, options);
      const { upstreams } = live;
      const apply = upstreams.apply.bind(upstreams);
      upstreams.apply = (changes) => apply(changes.filter(({ op }) => op !== 'delete'));
      return live;
    },
  }),
};
