import type { Scenario } from '../scenario.ts';

/** While the watch is away, etcd is compacted beyond where it was: only a full read can bring the gateway back. */
export const compaction: Scenario = {
  name: 'compaction',
  claim: 'After a compaction the gateway reads everything anew: nothing is lost, nothing comes back, traffic goes on.',
  anchors: ['apache/apisix#8682', 'apache/apisix#2680', 'apache/apisix#9336', 'apache/apisix#12514'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '2s', fault: '3s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '2700ms', fault: { kind: 'watch.refuse' } },
    { at: '200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '400ms', hold: '2200ms', fault: { kind: 'etcd.compact', every: '500ms' } },
  ],
  tail: 'cold',
  convergeWithin: '6s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'no-resurrection' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
