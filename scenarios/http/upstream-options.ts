import type { ConformanceRequest, StoredValue } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { echoed, host, lightTrial } from './request.ts';

const live = { host: '{host}', port: '{port}', weight: 1 };
/** Nobody listens there. */
const dead = { host: '127.0.0.1', port: 9, weight: 1 };

function to(uri: string, upstream: object, more: object = {}): StoredValue {
  return { host, uri, upstream: { type: 'roundrobin', nodes: { '{upstream}': 1 }, ...upstream }, ...more };
}

function late(name: string, path: string): ConformanceRequest {
  return { name, head: [`GET ${path} HTTP/1.1`, 'X-Case: late'] };
}

/** Asked often, and often again: what comes most often is the same each time only where weights are what they say. */
function mostly(name: string, path: string): readonly ConformanceRequest[] {
  return [1, 2, 3, 4, 5].map((turn) => ({ ...echoed(`${name}, ${turn}`, `GET ${path}`), times: 7 }));
}

/** What an upstream may ask for, option by option: times, tries, weights, priorities, names. */
export const upstreamOptions: Scenario = {
  ...lightTrial,
  name: 'upstream-options',
  claim: 'An upstream is waited for, tried again, weighed and named as its configuration says.',
  anchors: ['Kong/kong#14249', 'istio/istio#27340', 'apache/apisix#13666', 'apache/apisix#7054'],
  conformance: {
    objects: {
      'routes/u-patient': to('/patient', { timeout: { connect: 5, send: 5, read: 5 } }),
      'routes/u-hasty': to('/hasty', { timeout: { connect: 5, send: 5, read: 0.5 }, retries: 0 }),
      'routes/u-route': to('/route-timeout', { retries: 0 }, { timeout: { connect: 5, send: 5, read: 0.5 } }),
      'routes/u-default': to('/default', {}),
      'routes/u-heavy': to('/heavy', { nodes: { '{upstream}': 99, '{dead}': 1 }, retries: 0 }),
      'routes/u-light': to('/light', { nodes: { '{upstream}': 1, '{dead}': 99 }, retries: 0 }),
      'routes/u-none': to('/none', { nodes: { '{upstream}': 0 } }),
      'routes/u-empty': to('/empty', { nodes: [] }),
      'routes/u-again': to('/again', { nodes: { '{upstream}': 1, '{dead}': 1 } }),
      'routes/u-never-again': to('/never-again', { nodes: { '{dead}': 1 }, retries: 3, retry_timeout: 1 }),
      'routes/u-backup': to('/backup', { nodes: [{ ...live, priority: -1 }, dead] }),
      'routes/u-pass': to('/pass', { pass_host: 'pass' }),
      'routes/u-node': to('/node', { pass_host: 'node' }),
      'routes/u-rewrite': to('/rewrite', { pass_host: 'rewrite', upstream_host: 'named.test' }),
      'routes/u-hash': to('/hash', { type: 'chash', hash_on: 'header', key: 'X-User' }),
      'routes/u-least': to('/least', { type: 'least_conn' }),
      'routes/u-pool': to('/pool', { keepalive_pool: { size: 1, idle_timeout: 60, requests: 1 } }),
      'routes/u-named': { host, uri: '/named', upstream_id: 'u' },
      'upstreams/u': { type: 'roundrobin', nodes: { '{upstream}': 1 }, pass_host: 'node' },
    },
    requests: [
      late('it is waited for', '/patient'),
      late('for as long as by default', '/default'),
      late('not longer than an upstream allows', '/hasty'),
      late('not longer than a route allows', '/route-timeout'),
      ...mostly('a heavy node', '/heavy'),
      ...mostly('a light node', '/light'),
      ...[1, 2, 3, 4].map((turn) => echoed(`another node is tried, ${turn}`, 'GET /again')),
      ...[1, 2, 3, 4].map((turn) => echoed(`a node of lower priority is tried, ${turn}`, 'GET /backup')),
      echoed('no node of weight', 'GET /none'),
      echoed('no node at all', 'GET /empty'),
      echoed('no node that is there', 'GET /never-again'),
      echoed('the host of the client', 'GET /pass'),
      echoed('the host of the node', 'GET /node'),
      echoed('a host of its own', 'GET /rewrite'),
      echoed('by a hash', 'GET /hash', 'X-User: somebody'),
      echoed('by a hash of nothing', 'GET /hash'),
      echoed('by connections', 'GET /least'),
      echoed('an upstream by its name', 'GET /named'),
      { name: 'a connection for one request', head: ['GET /pool HTTP/1.1', 'X-Case: connection'], times: 9 },
      // Whoever watches the gateway goes by these names.
      { name: 'the series of its metrics', head: ['GET / HTTP/1.0'], to: 'metrics', when: 'after' },
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
