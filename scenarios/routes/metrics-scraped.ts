import { routeFlood } from './route-flood.ts';
import type { Scenario } from '../scenario.ts';

/** Somebody looks at the metrics page of a gateway with many routes all the time. */
export const metricsScraped: Scenario = {
  ...routeFlood,
  name: 'metrics-scraped',
  claim: 'Whoever asks for the metrics page slows down nobody else.',
  anchors: ['apache/apisix#7211', 'apache/apisix#5755', 'kubernetes/ingress-nginx#3314'],
  timeline: [{ at: '0s', hold: '10s', fault: { kind: 'gateway.scrape', perSecond: 4 } }],
};
