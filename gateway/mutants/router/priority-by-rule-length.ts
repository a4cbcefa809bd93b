/** Without a priority of its own, the route with the longer rule comes first. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';

export const priorityByRuleLength: Mutant = {
  name: 'priority-by-rule-length',
  kind: 'known-bad',
  summary: 'of two routes that fit, the one that is written longer wins',
  corpus: 'R42',
  anchor: 'traefik/traefik#11027, traefik/traefik#10542',
  scenario: 'route-matching',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      after: {
        route(route) {
          const rule = [...route.uris, ...route.hosts].join(',');
          return route.priority === 0 ? { ...route, priority: rule.length } : route;
        },
      },
    }),
};
