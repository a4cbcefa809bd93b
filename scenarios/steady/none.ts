import type { Scenario } from '../scenario.ts';

/** Nothing is broken: the control that tells what the host and the harness add by themselves. */
export const none: Scenario = {
  name: 'none',
  claim: 'With nothing broken the two builds serve alike.',
  anchors: [],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 500 },
  load: { ratePerSecond: 1300, connections: 64 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '1s', baseline: '2s', fault: '5s', settle: '3s' },
  timeline: [],
  convergeWithin: '6s',
  expectations: [
    { kind: 'no-worse', metric: 'latency-p99', minimumEffect: 0.5, tolerance: 1.5 },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 0.5, tolerance: 1.5 },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-gross-harm' },
  ],
};
