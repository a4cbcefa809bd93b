import type { Scenario } from '../scenario.ts';

/** The watch goes silent without a FIN or RST (NAT, conntrack or load balancer drop) while somebody writes. */
export const watchSilentDeath: Scenario = {
  name: 'watch-silent-death',
  claim: 'Configuration written while the watch stream is silently dead is served once the watch recovers.',
  anchors: ['apache/apisix#13067', 'apache/apisix#13721'],
  arms: 'side-by-side',
  // The stall must outlast the watch timeout: a write is lost when a restarted watch is silenced too, so the
  // timings are multiples of W = watchTimeout (stall 1.5 W, settle over W, convergence 3 W).
  gateway: { workers: 2, watchTimeout: '2s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 300, connections: 32 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '1s', baseline: '2s', fault: '3s', settle: '3s' },
  timeline: [{ at: '0s', hold: '3s', fault: { kind: 'watch.stall', mode: 'dead' } }],
  convergeWithin: '6s',
  expectations: [
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
  ],
};
