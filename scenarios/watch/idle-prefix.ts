import type { Scenario } from '../scenario.ts';

/**
 * Nobody writes to the gateway's own prefix while others write a lot beside it, etcd is compacted every two seconds, and the
 * watch is lost a moment before the next time: by then etcd has told how far it is.
 */
export const idlePrefix: Scenario = {
  name: 'idle-prefix',
  claim: 'Where only the neighbours write, a watch that is lost goes on from where etcd is, and nothing is read anew.',
  anchors: ['apache/apisix#12514', 'apache/apisix#12167'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  etcd: { progressNotifyInterval: '300ms' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 0.1, mix: { create: 0.4, update: 0.4, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '17s', settle: '2s' },
  timeline: [
    {
      at: '0s',
      hold: '17s',
      fault: { kind: 'etcd.overload', putsPerSecond: 60, rangesPerSecond: 0, watchers: 0, valueBytes: 100 },
    },
    { at: '1s', hold: '16s', fault: { kind: 'etcd.compact', every: '2s' } },
    { at: '2500ms', hold: '300ms', repeat: { gap: '1700ms', times: 7 }, fault: { kind: 'watch.cut' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
