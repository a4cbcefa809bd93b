/** The priority of a route does not reach the router. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';

export const priorityLost: Mutant = {
  name: 'priority-lost',
  kind: 'known-bad',
  summary: 'routes are matched without regard to their priority',
  corpus: 'R37',
  anchor: 'apache/apisix#2423',
  scenario: 'route-matching',
  subject: 'conformance',
  wrap: (seams) => withObjects(seams, { after: { route: (route) => ({ ...route, priority: 0 }) } }),
};
