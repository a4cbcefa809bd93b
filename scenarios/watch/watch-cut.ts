import type { Scenario } from '../scenario.ts';

/** Watches are lost again and again, with a word and without; each time the gateway has to come back for the rest. */
export const watchCut: Scenario = {
  name: 'watch-cut',
  claim: 'A watch that is lost is opened again where it was: nothing is lost, undone, or read twice.',
  anchors: ['traefik/traefik#566', 'apache/apisix#10671', 'traefik/traefik#1965', 'apache/apisix#7132'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '7s', settle: '2s' },
  // Over a second apart: a watch that lived that long is opened again without a wait.
  timeline: [
    { at: '0s', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '1400ms', hold: '500ms', fault: { kind: 'watch.reset' } },
    { at: '2800ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '4200ms', hold: '500ms', fault: { kind: 'link.cut' } },
    { at: '5600ms', hold: '500ms', fault: { kind: 'watch.cut' } },
  ],
  tail: 'cold',
  convergeWithin: '6s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'no-resurrection' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
