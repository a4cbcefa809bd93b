import type { ConformanceRequest, StoredValue } from '../conformance.ts';
import { echoed, host, lightTrial, route } from '../http/request.ts';
import type { Scenario } from '../scenario.ts';

/** Active checks once a second of a path that tells the upstream whose they are. */
function checks(name: string): object {
  const active = { http_path: `/probe/${name}`, healthy: { interval: 1, successes: 1 } };
  return { active: { ...active, unhealthy: { interval: 1, http_failures: 2, tcp_failures: 1, timeouts: 1 } } };
}

function half(live: number, dead: number): StoredValue {
  return { nodes: { '{upstream}': live, '{dead}': dead }, checks: checks('half') };
}

/** The body comes late, so that checks that a request has started have had time to be seen. */
function probed(name: string): ConformanceRequest {
  const head = ['POST /told HTTP/1.1', 'X-Case: probed', `X-Id: ${name}`, 'Content-Length: 2'] as const;
  return { name: `checks of ${name}`, head, pause: '500ms', body: 'ok' };
}

/** Objects are spoilt, mended, changed and deleted; then the watch is lost, etcd is compacted, and all is read again. */
export const changedObjects: Scenario = {
  ...lightTrial,
  name: 'changed-objects',
  claim: 'Objects that are changed by bits, badly or not, come out the same by events and by a full read.',
  anchors: [
    'apache/apisix#13717',
    'kgateway-dev/kgateway#14264',
    'apache/apisix#8932',
    'apache/apisix#13235',
    'apache/apisix#13582',
  ],
  phases: { warmup: '500ms', baseline: '1s', fault: '6s', settle: '3s' },
  timeline: [
    { at: '3s', hold: '2500ms', fault: { kind: 'watch.refuse' } },
    { at: '3200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '3400ms', hold: '2s', fault: { kind: 'etcd.compact', every: '500ms' } },
  ],
  convergeWithin: '8s',
  conformance: {
    objects: {
      'routes/c-told': route('/told'),
      'routes/c-spoilt': route('/spoilt'),
      'routes/c-mended': '{"uri": "/mended", "upstream": null}',
      'routes/c-moved': route('/moved', { plugins: { 'proxy-rewrite': { uri: '/old-place' } } }),
      'routes/c-deleted': route('/deleted'),
      'routes/c-gone': { host, uri: '/gone', upstream_id: 'gone' },
      'upstreams/gone': { nodes: { '{upstream}': 1 }, checks: checks('gone') },
      'routes/c-toggled': { host, uri: '/toggled', upstream_id: 'toggled' },
      'upstreams/toggled': { nodes: { '{upstream}': 1 }, checks: checks('toggled') },
      'routes/c-half': { host, uri: '/half', upstream_id: 'half' },
      'upstreams/half': half(2, 1),
      'global_rules/marker': { plugins: { 'response-rewrite': { headers: { set: { 'X-Marker': 'there' } } } } },
    },
    edits: [
      {
        at: '500ms',
        objects: {
          'routes/c-spoilt': '{"uri": "/spoilt", "upstream": null}',
          'routes/c-moved': route('/moved', { plugins: { 'proxy-rewrite': { uri: '/new-place' } } }),
          'routes/c-deleted': null,
          'routes/c-gone': null,
          'upstreams/gone': null,
          'upstreams/toggled': { nodes: { '{upstream}': 1 } },
        },
      },
      {
        at: '2s',
        objects: {
          'routes/c-mended': route('/mended'),
          'upstreams/toggled': { nodes: { '{upstream}': 1 }, checks: checks('toggled') },
          'upstreams/half': half(1, 5),
        },
      },
    ],
    requests: [
      ...([1, 2, 3, 4].map((turn): ConformanceRequest => {
        const { head } = echoed('', 'POST /half', 'Content-Length: 0');
        return { name: `half of it dead, ${turn}`, head, when: 'after' };
      }) as [ConformanceRequest]),
      { ...echoed('half of it dead', 'GET /half'), times: 8 },
      ...['/spoilt', '/mended', '/moved', '/deleted', '/gone'].map((path) => echoed(path, `GET ${path}`)),
      { ...echoed('toggled', 'GET /toggled'), times: 8 },
      { ...echoed('gone for every worker', 'GET /gone'), times: 8, when: 'before' },
      probed('toggled'),
      probed('gone'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
