/** A day on which nearly everything goes wrong, much of it at once: for whoever ends the harness in the middle of it. */
import type { Scenario } from '../../scenarios/scenario.ts';

export const badDay: Scenario = {
  name: 'bad-day',
  claim: 'Whatever was broken when the harness ended is not broken any more.',
  anchors: [],
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '2s', prefix: '/gw-1.x[%]路由' },
  table: { settled: 20, ballast: 100 },
  load: { ratePerSecond: 100, connections: 8 },
  writes: { ratePerSecond: 10, mix: { create: 0.3, update: 0.5, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '11s', settle: '1s' },
  timeline: [
    { id: 'silent', at: '0s', hold: '3s', fault: { kind: 'watch.stall', mode: 'dead' } },
    {
      at: '200ms',
      hold: '4s',
      fault: {
        kind: 'routes.flood',
        changesPerSecond: 40,
        paths: 'distinct',
        mix: { create: 0.4, update: 0.4, delete: 0.2 },
        valueBytes: 500,
      },
    },
    {
      at: '300ms',
      hold: '5s',
      fault: { kind: 'etcd.overload', putsPerSecond: 40, rangesPerSecond: 10, watchers: 20, valueBytes: 200 },
    },
    { at: '0s', hold: '2s', fault: { kind: 'watch.crowd', watchers: 30 } },
    { at: '100ms', hold: '1500ms', fault: { kind: 'routes.odd-ids' } },
    { after: 'silent', at: '500ms', hold: '2500ms', fault: { kind: 'etcd.compact', every: '200ms' } },
    { at: '3500ms', hold: '500ms', repeat: { gap: '1s', times: 3 }, fault: { kind: 'etcd.pause' } },
    { at: '1s', hold: '1s', repeat: { gap: '1s' }, fault: { kind: 'unary.delay', by: '50ms' } },
    { at: '5s', hold: '1200ms', fault: { kind: 'routes.poison' } },
    { at: '7300ms', hold: '800ms', fault: { kind: 'etcd.nospace' } },
    { at: '8500ms', hold: '700ms', fault: { kind: 'etcd.down' } },
    // Where there is no toxiproxy the upstream does the same.
    { at: '1500ms', hold: '5s', fault: { kind: 'network.latency', hop: 'gateway->upstream', by: '20ms' } },
    { at: '2s', hold: '4s', fault: { kind: 'upstream.error', status: 503, share: 0.1 } },
    { at: '6s', hold: '2s', fault: { kind: 'gateway.pause', target: 'worker' } },
  ],
  convergeWithin: '15s',
  expectations: [{ kind: 'invariant', oracle: 'converge' }],
};
