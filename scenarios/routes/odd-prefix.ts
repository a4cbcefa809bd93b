import type { Scenario } from '../scenario.ts';

/** Keys of which every character means something to a careless reader: a prefix, and ids of routes. */
export const oddPrefix: Scenario = {
  name: 'odd-prefix',
  claim: 'Whatever legal name a group of gateways or a route has, every change of it is served.',
  anchors: ['apache/apisix#9951', 'apache/apisix#9967'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s', prefix: '/gate-way/v1.0+[a-z] (b)|c*%2Fд' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '5s', settle: '2s' },
  timeline: [
    { at: '0s', hold: '4s', fault: { kind: 'routes.odd-ids' } },
    { at: '2s', hold: '500ms', fault: { kind: 'watch.cut' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'no-resurrection' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
