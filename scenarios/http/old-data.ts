import type { Scenario } from '../scenario.ts';
import { echoed, host, lightTrial } from './request.ts';

const nodes = { '{upstream}': 1 };

/** What dashboards, controllers and older versions have left in etcd: not as one would write it, but served so far. */
export const oldData: Scenario = {
  ...lightTrial,
  name: 'old-data',
  claim: 'Configuration that was written long ago, by whomever, is served as before.',
  anchors: ['apache/apisix#4048', 'apache/apisix#10233', 'kubernetes/ingress-nginx#13092', 'apache/apisix#6387'],
  conformance: {
    // Behind the table's own routes in the order of their keys: what falls over one of them does not end the whole trial.
    objects: {
      'routes/z-vars': { host, uri: '/empty-vars', vars: {}, upstream: { nodes } },
      'routes/z-plugins': { host, uri: '/empty-plugins', plugins: {}, upstream: { nodes } },
      'routes/z-plugins-list': { host, uri: '/list-of-plugins', plugins: [], upstream: { nodes } },
      'routes/z-bookkeeping': {
        id: 'z-bookkeeping',
        name: 'n',
        desc: 'd',
        labels: {},
        create_time: 1_600_000_000,
        update_time: 1_600_000_001,
        status: 1,
        priority: 0,
        host,
        uri: '/bookkeeping',
        upstream: { type: 'roundrobin', pass_host: 'pass', scheme: 'http', hash_on: 'vars', nodes },
      },
      'routes/z-numbers': { host, uri: '/numbers', upstream_id: 7 },
      'upstreams/7': { id: 7, nodes: [{ host: '{host}', port: '{port}', weight: 1, priority: 0 }] },
      'routes/z-service': { host, uri: '/service', service_id: 'o' },
      'services/o': { upstream_id: '7' },
      'routes/z-node': { host, uri: '/weightless', upstream: { nodes: { '{upstream}': 1, '{dead}': 0 } } },
      'routes/z-timeout': { host, uri: '/timeout', timeout: { connect: 6, send: 6, read: 6 }, upstream: { nodes } },
      'routes/z-hosts': { hosts: [host, 'OLD.test'], uris: ['/hosts', '/hosts/*'], upstream: { nodes } },
      'routes/z-off': { host, uri: '/off', status: 0, upstream: { nodes } },
      'routes/z-last': { host, uri: '/last', upstream: { nodes } },
      // Never was served, and must not become so, nor keep others from it.
      'routes/z-broken': { host, uri: '/broken', upstream: null },
      'routes/z-pattern': {
        host,
        uri: '/pattern',
        plugins: { 'proxy-rewrite': { regex_uri: ['^/user/(*)', '/x'] } },
        upstream: { nodes },
      },
      'routes/z-no-json': '{"uri": "/no-json"',
    },
    requests: [
      echoed('the last of all', 'GET /last'),
      ...['vars', 'plugins'].map((field) => echoed(`empty ${field}`, `GET /empty-${field}`)),
      ...[
        '/list-of-plugins',
        '/bookkeeping',
        '/numbers',
        '/service',
        '/weightless',
        '/timeout',
        '/hosts',
        '/hosts/below',
        '/off',
        '/broken',
        '/pattern',
        '/no-json',
      ].map((path) => echoed(path, `GET ${path}`)),
      echoed('a host in upper case', 'GET /hosts', 'Host: old.test'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
