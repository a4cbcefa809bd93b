import type { Scenario } from '../scenario.ts';

/** Of three members one dies, the lead moves from one to another, and then two are gone at once. */
export const etcdMembers: Scenario = {
  name: 'etcd-members',
  claim: 'A gateway lives with what befalls the members of its etcd, and follows whoever leads.',
  anchors: ['apache/apisix#5115', 'apache/apisix#5158', 'etcd-io/etcd#18109'],
  // Nine members at once are too many for two cores.
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '2s' },
  etcd: { members: 3 },
  table: { settled: 20, ballast: 20 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '17s', settle: '2s' },
  timeline: [
    { at: '0s', hold: '4s', fault: { kind: 'etcd.kill-leader' } },
    { at: '6s', hold: '2s', fault: { kind: 'etcd.move-leader', every: '500ms' } },
    { at: '10s', hold: '6s', fault: { kind: 'etcd.lose-quorum' } },
  ],
  convergeWithin: '12s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
