import type { ConformanceRequest } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { asked, echoed, host, lightTrial, route } from './request.ts';

const made = { mocking: { response_example: 'made' } };
/** It answers by itself: what the Admin API is told cannot name the upstream of the trial. */
function mocked(uri: string, more: object = {}): object {
  return { host, uri, plugins: made, upstream: { type: 'roundrobin', nodes: { '127.0.0.1:9': 1 } }, ...more };
}

function put(id: string, value: object): ConformanceRequest {
  return asked(`put ${id}`, `PUT /apisix/admin/${id}`, value);
}

/** Once all is done, and once more when all has started from nothing. */
function later(name: string, line: string): ConformanceRequest {
  return { ...asked(name, line), when: 'after' };
}

function served(path: string): readonly ConformanceRequest[] {
  return [1, 2, 3, 4].map((turn) => ({ ...echoed(`${path} is served, ${turn}`, `GET ${path}`), when: 'after' }));
}

/** Objects are written, changed, refused and deleted by the Admin API; what it has acknowledged is then read, and served. */
export const adminApi: Scenario = {
  ...lightTrial,
  name: 'admin-api',
  claim: 'The Admin API takes and refuses what it did before, and every worker serves what it has acknowledged.',
  anchors: ['apache/apisix#4048', 'kubernetes/ingress-nginx#13092', 'apache/apisix#6387', 'apache/apisix#7222'],
  phases: { warmup: '500ms', baseline: '500ms', fault: '3s', settle: '2s' },
  tail: 'cold',
  convergeWithin: '12s',
  conformance: {
    objects: { 'routes/c-all': route('/*', { priority: -1 }) },
    requests: [
      put('routes/adm', mocked('/adm')),
      asked('get it', 'GET /apisix/admin/routes/adm'),
      put('routes/adm-changed', mocked('/before')),
      asked('put it again', 'PUT /apisix/admin/routes/adm-changed', mocked('/adm-changed', { desc: 'changed' })),
      asked('patch it', 'PATCH /apisix/admin/routes/adm-changed', { labels: { a: 'b' }, desc: null }),
      asked('patch a part of it', 'PATCH /apisix/admin/routes/adm-changed/plugins', made),
      asked('put by a body with its id', 'PUT /apisix/admin/routes', mocked('/adm-own', { id: 'adm-own' })),
      asked('make one', 'POST /apisix/admin/routes', mocked('/adm-made')),
      put('routes/adm-gone', mocked('/adm-gone')),
      asked('delete it', 'DELETE /apisix/admin/routes/adm-gone'),
      asked('delete it once more', 'DELETE /apisix/admin/routes/adm-gone'),
      put('upstreams/adm', { type: 'roundrobin', nodes: { '127.0.0.1:9': 1 } }),
      put('services/adm', { upstream_id: 'adm', plugins: made }),
      put('routes/adm-service', { host, uri: '/adm-service', service_id: 'adm' }),
      asked('delete what is named', 'DELETE /apisix/admin/upstreams/adm'),
      put('plugin_configs/adm', { plugins: made }),
      put('routes/adm-config', { host, uri: '/adm-config', upstream_id: 'adm', plugin_config_id: 'adm' }),
      asked('put a consumer', 'PUT /apisix/admin/consumers', {
        username: 'adm',
        plugins: { 'key-auth': { key: 'key-of-adm' } },
      }),
      put('routes/adm-key', mocked('/adm-key', { plugins: { ...made, 'key-auth': {} } })),
      put('global_rules/adm', { plugins: { 'response-rewrite': { headers: { set: { 'X-Adm': 'rule' } } } } }),
      // What it must not take.
      put('routes/adm-null', mocked('/adm-null', { uri: null })),
      put('routes/adm-none', { host }),
      put('routes/adm-field', mocked('/adm-field', { surprise: 1 })),
      put('routes/adm-vars', mocked('/adm-vars', { vars: [['arg_x', '?', 1]] })),
      put('routes/adm-plugin', mocked('/adm-plugin', { plugins: { 'no-such-plugin': {} } })),
      put('routes/adm-lost', { host, uri: '/adm-lost', upstream_id: 'nowhere' }),
      put('routes/adm-id', mocked('/adm-id', { id: 'another' })),
      put(`routes/${'a'.repeat(65)}`, mocked('/adm-long')),
      put('nothing/adm', {}),
      { ...asked('put no JSON', 'PUT /apisix/admin/routes/adm-json'), body: '{"uri": "/adm-json"' },
      { ...asked('put a list', 'PUT /apisix/admin/routes/adm-list'), body: '[]' },
      asked('get what is not there', 'GET /apisix/admin/routes/adm-gone'),
      { ...asked('half of the key', 'GET'), head: ['GET /apisix/admin/routes HTTP/1.1', 'X-API-KEY: admin-key-of'] },
      { ...asked('no key', 'GET'), head: ['GET /apisix/admin/routes HTTP/1.1', 'X-API-KEY:'] },
      { ...asked('a wrong key', 'GET'), head: ['GET /apisix/admin/routes HTTP/1.1', 'X-API-KEY: wrong'] },
      later('what it tells of a route', 'GET /apisix/admin/routes/adm-changed'),
      later('what it tells of all', 'GET /apisix/admin/routes?uri=/adm'),
      later('what it tells of a page', 'GET /apisix/admin/routes?uri=/adm&page=1&page_size=10'),
      later('what it tells of a consumer', 'GET /apisix/admin/consumers/adm'),
      later('its plugins', 'GET /apisix/admin/plugins/list'),
      ...['/adm', '/adm-changed', '/before', '/adm-own', '/adm-made', '/adm-gone', '/adm-service'].flatMap(served),
      ...['/adm-config', '/adm-key', '/adm-key?apikey=key-of-adm', '/adm-null', '/adm-lost'].flatMap(served),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
