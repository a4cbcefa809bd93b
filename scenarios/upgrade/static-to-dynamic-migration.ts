import type { ConformanceRequest } from '../conformance.ts';
import { echoed } from '../http/request.ts';
import type { Scenario } from '../scenario.ts';

/** One of the static hosts. */
const moving = 'host-49.test';

/** In etcd there is a path of that host which its static configuration has not: nobody is to be served by chance what comes later. */
function draft(turn: number): ConformanceRequest {
  return echoed(`a draft for a static host, ${turn}`, 'GET /draft', `Host: ${moving}`);
}

/** Hosts move from the static configuration to etcd, back again, as when something was forgotten, and then for good. */
export const staticToDynamicMigration: Scenario = {
  name: 'static-to-dynamic-migration',
  claim: 'Hosts move from static configuration to etcd and back under load, and no request finds them in neither.',
  anchors: ['apache/apisix#9909', 'apache/apisix#13714', 'easegress-io/easegress#91'],
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 50, ballast: 0, static: 20 },
  load: { ratePerSecond: 100, connections: 32 },
  writes: { ratePerSecond: 5, mix: { create: 0.3, update: 0.4, delete: 0.3 } },
  phases: { warmup: '500ms', baseline: '1s', fault: '24s', settle: '3s' },
  timeline: [
    // So that requests are under way at any moment, and a worker that ends without waiting for them is seen.
    { at: '0s', hold: '24s', fault: { kind: 'upstream.slow', by: '100ms' } },
    // So far apart that a reload is over before the next one begins, with three gateways at it on two busy cores.
    { at: '500ms', hold: '7s', fault: { kind: 'gateway.migrate', to: 'etcd' } },
    { at: '8500ms', hold: '7s', fault: { kind: 'gateway.migrate', to: 'static' } },
    { at: '16500ms', hold: '7s', fault: { kind: 'gateway.migrate', to: 'etcd' } },
  ],
  tail: 'cold',
  // Processes start meanwhile, and how long that takes on a busy host is not the question.
  convergeWithin: '20s',
  conformance: {
    objects: {
      'routes/c-draft': { host: moving, uri: '/draft', upstream: { type: 'roundrobin', nodes: { '{upstream}': 1 } } },
    },
    requests: [draft(1), draft(2), draft(3), draft(4)],
  },
  expectations: [
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'read-only' },
    { kind: 'no-worse', metric: 'error-share', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
