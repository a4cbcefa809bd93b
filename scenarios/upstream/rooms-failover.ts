import type { Scenario } from '../scenario.ts';

/** The upstream in the gateway's own room goes away, comes back, and comes and goes; one in another room is there all the time. */
export const roomsFailover: Scenario = {
  name: 'rooms-failover',
  claim: 'While the upstream of its own room is away the gateway goes to the other room, and no request fails for it.',
  anchors: ['Kong/kong#11160', 'Kong/kong#10165'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  upstream: { secondRoom: true },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '8s', settle: '2s' },
  timeline: [
    { at: '0s', hold: '3s', fault: { kind: 'upstream.refuse' } },
    { at: '4s', hold: '4s', fault: { kind: 'upstream.flap', down: '400ms', up: '600ms' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
