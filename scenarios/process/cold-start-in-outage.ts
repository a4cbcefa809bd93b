import type { Scenario } from '../scenario.ts';

/** The gateway starts from nothing while etcd refuses, while it answers with errors, and while it does not answer at all. */
export const coldStartInOutage: Scenario = {
  name: 'cold-start-in-outage',
  claim:
    'A gateway that starts without etcd answers nobody wrongly, presses etcd no harder, and serves when etcd is back.',
  anchors: ['apache/apisix#5115', 'apache/apisix#5158', 'apache/apisix#2899', 'etcd-io/etcd#16287'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '15s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '3500ms', fault: { kind: 'link.refuse' } },
    { at: '500ms', hold: '3s', fault: { kind: 'gateway.cold-start' } },
    { at: '5s', hold: '3500ms', fault: { kind: 'unary.answer', with: 'grpc-14' } },
    { at: '5500ms', hold: '3s', fault: { kind: 'gateway.cold-start' } },
    { at: '10s', hold: '3500ms', fault: { kind: 'etcd.pause' } },
    { at: '10500ms', hold: '3s', fault: { kind: 'gateway.cold-start' } },
  ],
  tail: 'cold',
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
  ],
};
