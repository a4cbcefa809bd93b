/** A change of the nodes begins with a new checker, which takes all of them for healthy until it knows better. */
import type { Mutant } from '../mutant.ts';

export const healthcheckRebuildWindow: Mutant = {
  name: 'healthcheck-rebuild-window',
  kind: 'known-bad',
  summary: 'after a change of its nodes an upstream sends requests to one that was known to be dead',
  corpus: 'R58',
  anchor: 'apache/apisix#13582, apache/apisix#13629',
  scenario: 'changed-objects',
  subject: 'conformance',
  wrap: (seams) => ({
    ...seams,
    createLiveConfig(router, options) {
      const live = seams.createLiveConfig(router, options);
      const { upstreams } = live;
      const apply = upstreams.apply.bind(upstreams);
      upstreams.apply = (changes) => {
        for (const change of changes)
          if (change.kind === 'upstream' && change.op === 'put')
            apply([{ kind: 'upstream', op: 'delete', id: change.id }]);
        apply(changes);
      };
      return live;
    },
  }),
};
