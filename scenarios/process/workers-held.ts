import type { Scenario } from '../scenario.ts';

/** A worker stands still for a while, another is asked to end, and then all of the gateway is restarted by whoever runs services. */
export const workersHeld: Scenario = {
  name: 'workers-held',
  claim: 'A worker that stood still catches up, and whoever is asked to end ends its requests first.',
  anchors: ['apache/apisix#9802', 'apache/apisix#10554', 'envoyproxy/envoy#20113', 'easegress-io/easegress#526'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '2s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 64 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '15s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '15s', fault: { kind: 'upstream.slow', by: '100ms' } },
    { at: '500ms', hold: '2s', fault: { kind: 'gateway.pause', target: 'worker' } },
    { at: '4s', hold: '3s', fault: { kind: 'gateway.term', target: 'worker' } },
    { at: '9s', hold: '5s', fault: { kind: 'gateway.restart' } },
  ],
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
  ],
};
