import type { Scenario } from '../scenario.ts';

/** Configuration changes all the time, and nothing else happens: what each change leaves behind adds up. */
export const churnSoak: Scenario = {
  name: 'churn-soak',
  claim: 'A change of the configuration leaves no memory and no work behind.',
  anchors: ['apache/apisix#10614', 'apache/apisix#11901', 'traefik/traefik#13584', 'traefik/traefik#6520'],
  // Memory for each change and processor time for each request, which the other arms take from nobody.
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 40, mix: { create: 0.2, update: 0.6, delete: 0.2 } },
  // The heap of a young process grows by itself: the warm-up is for that.
  phases: { warmup: '4s', baseline: '1s', fault: '25s', settle: '2s' },
  timeline: [],
  convergeWithin: '12s',
  expectations: [
    { kind: 'no-worse', metric: 'rss-slope', minimumEffect: 3, tolerance: 15 },
    { kind: 'no-worse', metric: 'cpu-per-request', minimumEffect: 0.3, tolerance: 1 },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
