import type { Scenario } from '../scenario.ts';

/** The workers of a whole fleet watch one prefix while routes change all the time. */
export const thousandWorkers: Scenario = {
  name: 'thousand-workers',
  claim:
    'With a thousand workers watching the same routes, every change is served soon, and traffic goes on as before.',
  anchors: ['apache/apisix#7132', 'apache/apisix#8257', 'apache/apisix#11808'],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 200 },
  // Enough to see that traffic goes on; what a thousand watchers take of two cores is to be left to them.
  load: { ratePerSecond: 300, connections: 16 },
  writes: { ratePerSecond: 20, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '1s', baseline: '1s', fault: '15s', settle: '2s' },
  // With the two workers of the gateway they are a thousand. On two cores the last of them joins after ten seconds at worst.
  timeline: [{ at: '0s', hold: '15s', fault: { kind: 'watch.crowd', watchers: 998 } }],
  convergeWithin: '5s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'stays-up' },
  ],
};
