import type { Scenario } from '../scenario.ts';

/** A watch that was away has over a thousand revisions to catch up with, and is lost again in the middle of them. */
export const catchUpCut: Scenario = {
  name: 'catch-up-cut',
  claim: 'A watch that is cut while it catches up goes on with what it has not got yet.',
  anchors: ['apache/apisix#13067'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 10, mix: { create: 0.4, update: 0.4, delete: 0.2 } },
  // etcd gives a watch that is behind a thousand revisions at a time: the backlog has to be longer than that.
  phases: { warmup: '500ms', baseline: '1s', fault: '10s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '6s', fault: { kind: 'watch.refuse' } },
    { at: '200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '500ms', hold: '5s', fault: { kind: 'routes.flood', changesPerSecond: 300, paths: 'distinct' } },
    { at: '5900ms', hold: '3s', fault: { kind: 'watch.cut', afterEvents: 1 } },
  ],
  tail: 'cold',
  convergeWithin: '8s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
