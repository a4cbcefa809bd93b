import type { Scenario } from '../scenario.ts';

/**
 * etcd is put back to a snapshot, and its revisions begin below where every watch is. What gateways had shown is undone until
 * it is written again: whoever follows etcd follows it back, so `monotonic` is a weakness of every such build.
 */
export const etcdRestored: Scenario = {
  name: 'etcd-restored',
  claim: 'After etcd was restored to an older state the gateway follows it from there, at the cost of one full read.',
  anchors: ['apache/apisix#12015', 'apache/apisix#12021', 'apache/apisix#11144', 'etcd-io/etcd#16028'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 20, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  // More is written before than after: a gateway that waits until etcd has caught up waits beyond the end.
  phases: { warmup: '500ms', baseline: '4s', fault: '9s', settle: '3s' },
  timeline: [{ at: '5s', hold: '4s', fault: { kind: 'etcd.restore', revision: 'plain' } }],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
