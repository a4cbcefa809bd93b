import type { Scenario } from '../scenario.ts';

/** The table grows threefold, three times: a rebuild of all of it for each change takes longer each time. */
export const tableGrowth: Scenario = {
  name: 'table-growth',
  claim: 'To apply a change holds the traffic up no longer in a large table than in a small one.',
  anchors: ['apache/apisix#9140', 'apache/apisix#10268', 'apache/apisix#12466'],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  // With the routes that the writer changes about 500.
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 800, connections: 64 },
  writes: { ratePerSecond: 10, mix: { create: 0.2, update: 0.6, delete: 0.2 } },
  // Of each size some whole seconds are left when a gateway is slow to take it up.
  phases: { warmup: '2s', baseline: '7s', fault: '30s', settle: '4s' },
  timeline: [
    { at: '0s', hold: '30s', fault: { kind: 'routes.fill', routes: 800 } },
    { at: '10s', hold: '20s', fault: { kind: 'routes.fill', routes: 2_400 } },
    { at: '20s', hold: '10s', fault: { kind: 'routes.fill', routes: 7_200 } },
  ],
  convergeWithin: '10s',
  expectations: [
    { kind: 'no-worse', metric: 'stall-growth', minimumEffect: 0.2, tolerance: 1 },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
