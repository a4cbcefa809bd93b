/** The question that regressions of a known size are asked: nothing is broken, and every metric is judged sharply. */
import type { Scenario } from '../../scenarios/scenario.ts';

const sharp = { kind: 'no-worse', minimumEffect: 0.02, tolerance: 1 } as const;

export const doseScenario: Scenario = {
  name: 'dose',
  claim: 'The canary is as the stable build.',
  anchors: [],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 200 },
  load: { ratePerSecond: 1000, connections: 64 },
  writes: { ratePerSecond: 30, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '3s', baseline: '4s', fault: '9s', settle: '3s' },
  timeline: [],
  convergeWithin: '6s',
  expectations: [
    { metric: 'latency-p50', ...sharp },
    { metric: 'latency-p99', ...sharp },
    { metric: 'error-share', ...sharp },
    { metric: 'cpu-per-request', ...sharp },
    { metric: 'write-visible-delay', ...sharp },
    { metric: 'rss-slope', ...sharp },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
