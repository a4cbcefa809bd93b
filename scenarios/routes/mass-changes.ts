import type { Scenario } from '../scenario.ts';

/** Many routes change at one revision, vanish by their prefix or with their leases, and are as large as etcd takes them. */
export const massChanges: Scenario = {
  name: 'mass-changes',
  claim: 'Of a change of many routes at once none is missed, and of routes of any size none is lost.',
  anchors: ['apache/apisix#11267', 'apache/apisix#3073', 'etcd-io/etcd#14997', 'etcd-io/etcd#19179'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 300 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '21s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '2500ms', fault: { kind: 'routes.prefix-delete' } },
    { at: '3500ms', hold: '2s', fault: { kind: 'etcd.huge-txn', routes: 120 } },
    { at: '6s', hold: '5s', fault: { kind: 'etcd.lease-storm', leases: 100, ttl: '2s' } },
    { at: '11500ms', hold: '2s', fault: { kind: 'etcd.huge-value', bytes: 600_000, values: 4 } },
    // While there is as much to catch up with.
    { at: '4s', hold: '1500ms', fault: { kind: 'watch.cut' } },
    { at: '12s', hold: '1500ms', fault: { kind: 'watch.cut' } },
    // They go and come back while nobody is told: both changes of each then come in one delivery, and the last one counts.
    { at: '15s', hold: '5500ms', fault: { kind: 'watch.refuse' } },
    { at: '15200ms', hold: '1s', fault: { kind: 'watch.cut' } },
    { at: '16500ms', hold: '2500ms', fault: { kind: 'routes.prefix-delete' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
