import type { Scenario } from '../scenario.ts';

/** What etcd tells comes in pieces, late, in lumps, slowly, or not at all, and then a full read that ends too soon. */
export const watchDamaged: Scenario = {
  name: 'watch-damaged',
  claim: 'However what etcd tells is cut up or held up on its way, it is read as what it is, or asked for again.',
  anchors: ['etcd-io/etcd#15402', 'etcd-io/etcd#18089', 'apache/apisix#10015', 'apache/apisix#13067'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '2s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 15, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '18s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '1500ms', fault: { kind: 'watch.truncate', afterEvents: 1 } },
    { at: '2s', hold: '1500ms', fault: { kind: 'watch.delay', by: '300ms' } },
    { at: '4s', hold: '1500ms', fault: { kind: 'watch.batch', every: '400ms' } },
    { at: '6s', hold: '1500ms', fault: { kind: 'watch.throttle', bytesPerSecond: 2_000 } },
    { at: '8s', hold: '2s', fault: { kind: 'watch.no-created' } },
    { at: '8200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    // What it would go on from is gone when it may open a watch again; the full read is then cut short until the end.
    { at: '11s', hold: '2s', fault: { kind: 'watch.refuse' } },
    { at: '11200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '11400ms', hold: '2s', fault: { kind: 'etcd.compact', every: '400ms' } },
    { at: '11s', hold: '6s', fault: { kind: 'range.truncate', afterBytes: 600 } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
