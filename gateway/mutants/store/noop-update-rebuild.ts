/** A value that is written again as it is counts as a change of everything. */
import type { ConfigChange } from '../../config/config-objects.ts';
import type { Mutant } from '../mutant.ts';

export const noopUpdateRebuild: Mutant = {
  name: 'noop-update-rebuild',
  kind: 'known-bad',
  summary: 'a put without news rebuilds the whole table',
  corpus: 'R33',
  anchor: 'apache/apisix#12466, apache/apisix#12167',
  scenario: 'noop-writes',
  subject: 'latency-p99',
  wrap: (seams) => ({
    ...seams,
    followConfig(follower) {
      const inForce = new Map<string, ConfigChange>();
      let changed = false;
      const observer = seams.followConfig({
        ...follower,
        apply(changes) {
          changed = true;
          for (const change of changes) {
            if (change.op === 'put') inForce.set(`${change.kind}/${change.id}`, change);
            else inForce.delete(`${change.kind}/${change.id}`);
          }
          follower.apply(changes);
        },
      });
      return {
        ...observer,
        async applied(items, position) {
          changed = false;
          await observer.applied(items, position);
          if (!changed && items.length > 0) follower.apply([...inForce.values()]);
        },
      };
    },
  }),
};
