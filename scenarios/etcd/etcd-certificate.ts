import type { Scenario } from '../scenario.ts';

/** The certificate of etcd runs out when the gateway has to connect anew, and is renewed. */
export const etcdCertificate: Scenario = {
  name: 'etcd-certificate',
  claim: 'A certificate of etcd that has run out costs no traffic, and what was missed is served when it is renewed.',
  anchors: ['apache/apisix#8568', 'apache/apisix#13010'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '2s' },
  etcd: { tls: true },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '5s', settle: '2s' },
  timeline: [
    { at: '0s', hold: '4s', fault: { kind: 'etcd.certificate-expired' } },
    { at: '1s', hold: '1s', fault: { kind: 'link.cut' } },
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
