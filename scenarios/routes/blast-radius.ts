import type { Scenario } from '../scenario.ts';

/** All that can be done to routes is done to those of another group in the same etcd, whose prefix begins as ours does. */
export const blastRadius: Scenario = {
  name: 'blast-radius',
  claim: 'A bad day of the group of gateways next door, in the same etcd, costs this one nothing.',
  anchors: ['apache/apisix#12514', 'apache/apisix#6387'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '8s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '8s', fault: { kind: 'routes.poison', group: 'beside' } },
    { at: '0s', hold: '8s', fault: { kind: 'routes.flood', changesPerSecond: 60, paths: 'same', group: 'beside' } },
    { at: '3s', hold: '500ms', fault: { kind: 'watch.cut' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 4 },
    { kind: 'no-worse', metric: 'etcd-bytes-per-change', minimumEffect: 1, tolerance: 4 },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
