import type { Scenario } from '../scenario.ts';

/** etcd is pressed by many clients, and in the middle of it the gateway's watches are closed. */
export const etcdOverload: Scenario = {
  name: 'etcd-overload',
  claim: 'While etcd is overloaded and drops watches, traffic goes on as before and configuration catches up.',
  anchors: ['apache/apisix#9140', 'apache/apisix#11808', 'etcd-io/etcd#18109'],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 500 },
  load: { ratePerSecond: 1300, connections: 64 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  // Of fourteen seconds, stalls of 140 ms in all are one in a hundred requests: a shared host stalls that long now and then,
  // and half as long in every other trial.
  phases: { warmup: '1s', baseline: '2s', fault: '10s', settle: '4s' },
  timeline: [
    {
      at: '0s',
      hold: '10s',
      fault: { kind: 'etcd.overload', putsPerSecond: 60, rangesPerSecond: 20, watchers: 40, valueBytes: 600 },
    },
    { at: '2s', hold: '1s', fault: { kind: 'watch.cut' } },
  ],
  convergeWithin: '6s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'no-worse', metric: 'latency-p99', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
  ],
};
