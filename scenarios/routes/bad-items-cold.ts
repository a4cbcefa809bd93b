import type { Scenario } from '../scenario.ts';

/** Unusable routes are in etcd when a worker, and then all of the gateway, has to read everything for the first time. */
export const badItemsCold: Scenario = {
  name: 'bad-items-cold',
  claim: 'An item that no gateway can use costs no other item anything when a gateway starts, either.',
  anchors: ['envoyproxy/gateway#5147', 'envoyproxy/gateway#5182', 'apache/apisix#13717'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '9s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '9s', fault: { kind: 'routes.poison' } },
    { at: '1500ms', hold: '1500ms', fault: { kind: 'gateway.kill', target: 'worker' } },
    { at: '4s', hold: '4s', fault: { kind: 'gateway.cold-start' } },
  ],
  tail: 'cold',
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'stays-up' },
  ],
};
