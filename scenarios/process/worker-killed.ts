import type { Scenario } from '../scenario.ts';

/** Workers are killed, and then all of the gateway, while etcd answers late: whoever does not wait for it is seen. */
export const workerKilled: Scenario = {
  name: 'worker-killed',
  claim: 'A worker that takes the place of a dead one serves the configuration of now from its first answer on.',
  anchors: ['apache/apisix#12523', 'Kong/kong#14986', 'Kong/kong#4055'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 200, connections: 16 },
  writes: { ratePerSecond: 15, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '3s', fault: '15s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '15s', fault: { kind: 'unary.delay', by: '200ms' } },
    // So far apart that the new worker is there and looked at before the next one dies, on a busy host too.
    { at: '500ms', hold: '1s', repeat: { gap: '4s', times: 2 }, fault: { kind: 'gateway.kill', target: 'worker' } },
    { at: '11s', hold: '4s', fault: { kind: 'gateway.cold-start' } },
  ],
  tail: 'cold',
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  expectations: [
    { kind: 'invariant', oracle: 'monotonic' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-resurrection' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-phantom' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'invariant', oracle: 'stays-up' },
  ],
};
