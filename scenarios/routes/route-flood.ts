import type { Scenario } from '../scenario.ts';

/** A large route table under frequent change: the rebuild-and-sort of the whole table on each change shows here. */
export const routeFlood: Scenario = {
  name: 'route-flood',
  claim: 'Frequent route changes on a large table neither slow the traffic nor delay the configuration.',
  anchors: ['apache/apisix#9140', 'apache/apisix#12466', 'apache/apisix#13303'],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 1500 },
  load: { ratePerSecond: 1300, connections: 64 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  // As long as in etcd-overload, for the same reason.
  phases: { warmup: '1s', baseline: '2s', fault: '10s', settle: '4s' },
  timeline: [{ at: '0s', hold: '10s', fault: { kind: 'routes.flood', changesPerSecond: 100, paths: 'distinct' } }],
  convergeWithin: '6s',
  expectations: [
    { kind: 'no-worse', metric: 'latency-p99', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
