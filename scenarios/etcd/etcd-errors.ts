import type { Scenario } from '../scenario.ts';

/** etcd answers, but with errors: first it takes no watches, and then the full read that they make necessary fails too. */
export const etcdErrors: Scenario = {
  name: 'etcd-errors',
  claim: 'While etcd answers with errors the last good configuration serves on, and nobody makes it worse for etcd.',
  anchors: ['etcd-io/etcd#16287', 'apache/apisix#11674', 'apache/apisix#2899', 'traefik/traefik#11941'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '7s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '3s', fault: { kind: 'watch.answer', with: 'grpc-8' } },
    { at: '200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '400ms', hold: '2500ms', fault: { kind: 'etcd.compact', every: '500ms' } },
    { at: '1s', hold: '5500ms', fault: { kind: 'unary.answer', with: 'grpc-14' } },
  ],
  tail: 'cold',
  convergeWithin: '7s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
