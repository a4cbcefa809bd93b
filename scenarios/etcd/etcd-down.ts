import type { Scenario } from '../scenario.ts';

/** etcd is away, stands still, and is cut off again and again: each time all that was written meanwhile has to be caught up with. */
export const etcdDown: Scenario = {
  name: 'etcd-down',
  claim: 'While etcd is away traffic goes on, nobody waits for it in a loop, and what was missed is served afterwards.',
  anchors: ['apache/apisix#2310', 'traefik/traefik#566', 'apache/apisix#11674', 'apache/apisix#2899'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '2s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '20s', settle: '3s' },
  timeline: [
    // So long that whoever gives up after so many attempts has given up, and whoever waits longer each time waits long.
    { at: '0s', hold: '10s', fault: { kind: 'etcd.down' } },
    { at: '12s', hold: '3s', fault: { kind: 'etcd.pause' } },
    { at: '16500ms', hold: '500ms', repeat: { gap: '700ms', times: 3 }, fault: { kind: 'link.reset' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
