import { routeFlood } from './route-flood.ts';
import type { Scenario } from '../scenario.ts';

/** Controllers that reconcile write what is there already, all day long. */
export const noopWrites: Scenario = {
  ...routeFlood,
  name: 'noop-writes',
  claim: 'A route that is written again as it was costs nothing.',
  anchors: ['apache/apisix#12167', 'apache/apisix#12466'],
  timeline: [{ at: '0s', hold: '10s', fault: { kind: 'routes.noop', putsPerSecond: 100 } }],
};
