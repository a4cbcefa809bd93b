import type { Scenario } from '../scenario.ts';

/** Unusable routes are written among good ones while the watch is away, so that both come in one delivery. */
export const badItems: Scenario = {
  name: 'bad-items',
  claim: 'An item that no gateway can use costs no other item anything.',
  anchors: ['apache/apisix#11267', 'apache/apisix#6387', 'traefik/traefik#10890'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '6s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '2s', fault: { kind: 'watch.refuse' } },
    { at: '200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '800ms', hold: '5s', fault: { kind: 'routes.poison' } },
  ],
  tail: 'cold',
  convergeWithin: '6s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 4 },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
