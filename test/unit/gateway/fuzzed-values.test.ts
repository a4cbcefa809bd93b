/** Whatever stands in etcd: no value takes the table, the upstreams or a request down. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Store } from '../../../gateway/config/store.ts';
import { createRouter } from '../../../gateway/routing/router.ts';
import { createLiveConfig } from '../../../gateway/workers/live-config.ts';
import { request } from './route.ts';

const nodes = [{ host: '127.0.0.1', port: 80, weight: 1, priority: 0, metadata: { room: 'a', capacity: 3 } }];
const checks = {
  active: {
    type: 'http',
    http_path: '/',
    healthy: { interval: 1, successes: 1 },
    unhealthy: { interval: 1, tcp_failures: 1 },
  },
  passive: { unhealthy: { http_failures: 1, http_statuses: [500] } },
};
const upstream = {
  type: 'chash',
  nodes,
  checks,
  hash_on: 'header',
  key: 'x',
  retries: 1,
  retry_timeout: 1,
  scheme: 'http',
  pass_host: 'rewrite',
  upstream_host: 'h',
  timeout: { connect: 1, send: 1, read: 1 },
  keepalive_pool: { size: 1, idle_timeout: 1, requests: 1 },
};
const plugins = {
  'proxy-rewrite': { uri: '/a', regex_uri: ['^/a', '/b'], headers: { set: { A: 'b' }, add: { C: 1 }, remove: ['D'] } },
  'response-rewrite': { status_code: 200, body: 'b', headers: { set: { A: 'b' } }, vars: [['status', '==', 200]] },
  'limit-count': { count: 1, time_window: 1, key_type: 'var', key: 'remote_addr' },
  'limit-req': { rate: 1, burst: 1, key: 'remote_addr' },
  'traffic-split': {
    rules: [{ match: [{ vars: [['arg_a', '==', 'b']] }], weighted_upstreams: [{ upstream, weight: 1 }] }],
  },
  'ip-restriction': { whitelist: ['127.0.0.0/8'] },
  'fault-injection': { abort: { http_status: 500, percentage: 1, vars: [[['arg_a', '==', 'b']]] } },
  cors: { allow_origins: 'https://a.com', max_age: 1 },
  'key-auth': { header: 'apikey' },
};
const originals: Readonly<Record<string, object>> = {
  routes: {
    uris: ['/a', '/b/:id/*'],
    hosts: ['a.com', '*.b.com'],
    methods: ['GET'],
    priority: 1,
    status: 1,
    remote_addrs: ['127.0.0.1'],
    vars: [
      ['arg_a', '!', '~~', '^b'],
      ['OR', ['http_x', 'in', ['1']], ['arg_c', '>', 3]],
    ],
    labels: { a: 'b' },
    upstream,
    plugins,
  },
  services: { hosts: ['a.com'], upstream, plugins, enable_websocket: true },
  upstreams: upstream,
  plugin_configs: { id: 'x', plugins },
  global_rules: { id: 'x', plugins },
  consumers: { username: 'x', plugins: { 'key-auth': { key: 'k' } } },
  ssls: { cert: '-----BEGIN x', key: '-----BEGIN y', sni: 'a.com' },
  blocks: { host: 'a.com', uri: '/a*', remote_addr: '127.0.0.1' },
};

/** Every place in a value, as a path. */
function placesIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as object) };
  (copy as Record<string, unknown>)[name] = replaced((value as Record<string, unknown>)[name], rest, by);
  return copy;
}

const odd = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1.5,
    1e300,
    true,
    [],
    {},
    [null],
    { a: null },
    '(',
    '*',
    '/',
    ':',
    '\u0000',
    'a\r\nb',
    '[::1',
    '%',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const folder = fc.constantFrom(...Object.keys(originals));
const value = folder.chain((name) =>
  fc
    .array(fc.tuple(fc.constantFrom(...placesIn(originals[name])), odd), { minLength: 1, maxLength: 3 })
    .map((changes) => ({
      name,
      value: changes.reduce((kept, [path, by]) => safely(kept, path, by), originals[name] as unknown),
    })),
);

/** A place that an earlier change has taken away is left alone. */
function safely(kept: unknown, path: readonly string[], by: unknown): unknown {
  try {
    return replaced(kept, path, by);
  } catch {
    return kept;
  }
}

const good = JSON.stringify({ uri: '/good', upstream: { nodes: { '127.0.0.1:80': 1 } } });
const questions = [
  request('GET', 'a.com', '/a', { remote_addr: '127.0.0.1', arg_a: 'b' }),
  request('POST', 'x.b.com:80', '/b/1/2', {}),
];

test('10,000 values that are wrong somewhere: each is taken or refused with a reason, and the good route serves on', () => {
  const store = new Store('/apisix');
  const live = createLiveConfig(createRouter());
  const item = (key: string, text: string) => ({ key: `/apisix/${key}`, value: Buffer.from(text), modRevision: 1n });
  live.apply(store.apply([item('routes/good', good)]).changes);
  let refused = 0;
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 20 }), ({ name, value: wrong }, id) => {
      const { changes, refusals } = store.apply([item(`${name}/${id}`, JSON.stringify(wrong))]);
      for (const { reason } of refusals) expect(reason).toMatch(/\S/);
      refused += refusals.length;
      live.apply(changes);
      for (const question of questions) live.router.match(question);
      expect(live.router.match(request('GET', 'h', '/good'))?.route.id).toBe('good');
    }),
    { numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(3_000);
}, 120_000);
