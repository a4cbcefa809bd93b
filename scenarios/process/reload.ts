import type { Scenario } from '../scenario.ts';

/** The gateway is reloaded while many requests are under way, since the upstream takes its time. */
export const reload: Scenario = {
  name: 'reload',
  claim: 'A reload costs no request, and the new workers serve what the old ones did.',
  anchors: ['apache/apisix#1853', 'apache/apisix#9909', 'apache/apisix#13714'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  // Of these some thirty are always waiting for their answer.
  load: { ratePerSecond: 100, connections: 64 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '10s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '10s', fault: { kind: 'upstream.slow', by: '300ms' } },
    { at: '1s', hold: '4s', repeat: { gap: '500ms', times: 2 }, fault: { kind: 'gateway.reload' } },
  ],
  tail: 'cold',
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  expectations: [
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'no-resurrection' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
