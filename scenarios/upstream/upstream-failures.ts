import type { ConformanceRequest } from '../conformance.ts';
import { echoed, route } from '../http/request.ts';
import type { Scenario } from '../scenario.ts';

/** On every worker: what an upstream has done to one of them is forgotten by all. */
function afterwards(turn: number): ConformanceRequest {
  return echoed(`as if nothing had been, ${turn}`, 'GET /afterwards');
}

/** The upstream resets connections before and within its answers, answers with errors, and promises more than it sends. */
export const upstreamFailures: Scenario = {
  name: 'upstream-failures',
  claim: 'What an upstream does wrong costs its own requests and nothing else, and is over when it is over.',
  anchors: ['Kong/kong#11160', 'apache/apisix#9015', 'traefik/traefik#11442', 'istio/istio#18089'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0 },
  load: { ratePerSecond: 100, connections: 16 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '10s', settle: '3s' },
  timeline: [
    { at: '0s', hold: '1500ms', fault: { kind: 'upstream.reset' } },
    { at: '2500ms', hold: '1500ms', fault: { kind: 'upstream.reset', afterBytes: 3 } },
    { at: '5s', hold: '1500ms', fault: { kind: 'upstream.error', status: 503, share: 0.3 } },
    { at: '7500ms', hold: '1500ms', fault: { kind: 'upstream.wrong-length', by: 5 } },
  ],
  convergeWithin: '8s',
  conformance: {
    objects: { 'routes/c-all': route('/*') },
    requests: [afterwards(1), afterwards(2), afterwards(3), afterwards(4)],
  },
  expectations: [
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
  ],
};
