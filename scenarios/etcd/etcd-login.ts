import type { Scenario } from '../scenario.ts';

/** etcd asks who one is: it forgets the tokens that it gave, and takes away what the gateway may do, and gives it back. */
export const etcdLogin: Scenario = {
  name: 'etcd-login',
  claim: 'A login that is lost costs no traffic, is asked for again without a storm, and what was missed is served.',
  anchors: ['traefik/traefik#11941', 'apache/apisix#2899'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '2s' },
  etcd: { auth: true },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '10s', settle: '2s' },
  timeline: [
    { at: '0s', hold: '3s', fault: { kind: 'etcd.auth', change: 'tokens-expired' } },
    { at: '4s', hold: '5s', fault: { kind: 'etcd.auth', change: 'role-revoked' } },
    { at: '5s', hold: '3s', fault: { kind: 'watch.cut' } },
  ],
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'bounded-pressure' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
