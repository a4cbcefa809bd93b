import type { Scenario } from '../scenario.ts';

/** Hardly anything is ever written, and watches time out for want of news: that is the usual night. */
export const idleWatch: Scenario = {
  name: 'idle-watch',
  claim: 'A quiet watch that times out is no failure: the next change is served at once, and etcd is left in peace.',
  anchors: ['api7/lua-resty-etcd#205', 'apache/apisix#9235'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '1s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 0.6, mix: { create: 0.4, update: 0.3, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '2s', fault: '8s', settle: '3s' },
  timeline: [],
  tail: 'cold',
  convergeWithin: '6s',
  expectations: [
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 4, tolerance: 9 },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
