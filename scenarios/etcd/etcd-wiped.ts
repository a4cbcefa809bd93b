import type { Scenario } from '../scenario.ts';

/** etcd comes back empty, and what was in it is written again three seconds later. In between nobody has deleted anything. */
export const etcdWiped: Scenario = {
  name: 'etcd-wiped',
  claim: 'An etcd that has lost everything costs no traffic, and the gateway follows it when it is filled again.',
  anchors: ['apache/apisix#11144', 'apache/apisix#2310', 'apache/apisix#12015'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '2s', fault: '5s', settle: '3s' },
  timeline: [{ at: '1s', hold: '4s', fault: { kind: 'etcd.wipe' } }],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
