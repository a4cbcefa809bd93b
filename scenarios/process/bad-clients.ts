import type { Scenario } from '../scenario.ts';

/** Clients go away before their answers, and others never get to the end of their requests, while most behave. */
export const badClients: Scenario = {
  name: 'bad-clients',
  claim: 'Clients that go away or stall cost no other client anything, and leave nothing behind.',
  anchors: ['envoyproxy/envoy#35085', 'traefik/traefik#6520', 'apache/apisix#13666'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 64 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '10s', settle: '3s' },
  timeline: [
    // So that they are gone before their answers come.
    { at: '0s', hold: '10s', fault: { kind: 'upstream.slow', by: '200ms' } },
    { at: '500ms', hold: '9s', fault: { kind: 'client.abandon', perSecond: 60 } },
    { at: '500ms', hold: '9s', fault: { kind: 'client.stall', connections: 200 } },
  ],
  convergeWithin: '8s',
  expectations: [
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
  ],
};
