import type { Scenario } from '../scenario.ts';

/** From the build in production to the one under test and back, while clients send and the configuration changes. */
export const rollingUpgrade: Scenario = {
  name: 'rolling-upgrade',
  claim: 'An upgrade under load and the way back cost neither a request nor a change of the configuration.',
  anchors: ['apache/apisix#1853', 'apache/apisix#9909'],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 500 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '1s', baseline: '2s', fault: '12s', settle: '2s' },
  timeline: [
    // So that requests are under way at any moment, and an end that does not wait for them is seen.
    { at: '0s', hold: '12s', fault: { kind: 'upstream.slow', by: '100ms' } },
    { at: '500ms', hold: '6s', fault: { kind: 'gateway.upgrade' } },
  ],
  convergeWithin: '8s',
  expectations: [
    { kind: 'invariant', oracle: 'no-gross-harm' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'stays-up' },
  ],
};
