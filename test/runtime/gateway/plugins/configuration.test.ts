/** What a plugin's configuration may not be, and which plugin counts when several objects bring it. */
import { expect, test } from 'vitest';
import { plugins } from '../../../../gateway/plugins/index.ts';
import { ask, startServer } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

test.each<[string, object, RegExp]>([
  ['an unknown plugin', { nope: {} }, /unknown plugin "nope"/],
  ['a plugin that is null', { cors: null }, /\/plugins/],
  ['an unknown field of _meta', { cors: { _meta: { surprise: 1 } } }, /\/plugins\/cors\/_meta.*surprise/],
  ['a condition in _meta', { cors: { _meta: { filter: [['arg_a', '==', 'b']] } } }, /\/plugins\/cors\/_meta.*filter/],
  ['an error of its own in _meta', { cors: { _meta: { error_response: {} } } }, /cors\/_meta.*error_response/],
  ['code in _meta', { cors: { _meta: { pre_function: 'return' } } }, /cors\/_meta.*pre_function/],
  ['limit-count without its window', { 'limit-count': { count: 1 } }, /\/plugins\/limit-count.*time_window/],
  ['limit-count of nothing', { 'limit-count': { count: 0, time_window: 1 } }, /\/plugins\/limit-count\/count/],
  ['limit-count in Redis', { 'limit-count': { count: 1, time_window: 1, policy: 'redis' } }, /limit-count\/policy/],
  ['limit-req without a rate', { 'limit-req': { burst: 1, key: 'remote_addr' } }, /limit-req.*rate/],
  ['cors for all with credentials', { cors: { allow_credential: true } }, /\/plugins\/cors.*allow_credential/],
  ['redirect two ways', { redirect: { uri: '/aa', http_to_https: true } }, /\/plugins\/redirect/],
  ['redirect by a bad pattern', { redirect: { regex_uri: ['(', '/'] } }, /\/plugins\/redirect\/regex_uri/],
  ['a bad block rule', { 'uri-blocker': { block_rules: ['['] } }, /\/plugins\/uri-blocker\/block_rules/],
  ['ip-restriction by a name', { 'ip-restriction': { whitelist: ['localhost'] } }, /localhost/],
  ['ip-restriction by a network that is none', { 'ip-restriction': { whitelist: ['10.0.0.0/33'] } }, /10\.0\.0\.0\/33/],
  ['ip-restriction both ways', { 'ip-restriction': { whitelist: ['::1'], blacklist: ['::1'] } }, /either/],
  ['ua-restriction of nobody', { 'ua-restriction': {} }, /either/],
  ['response-rewrite with filters', { 'response-rewrite': { filters: [{ regex: 'a', replace: 'b' }] } }, /filters/],
  ['response-rewrite with half a Base64', { 'response-rewrite': { body: '***', body_base64: true } }, /Base64/],
  ['a header of two lines', { 'response-rewrite': { headers: { set: { A: 'b\r\nc' } } } }, /response-rewrite\/headers/],
  ['fault-injection of nothing', { 'fault-injection': {} }, /fault-injection/],
  [
    'a condition that is none',
    { 'fault-injection': { abort: { http_status: 500, vars: [[['a', '??', 1]]] } } },
    /\?\?/,
  ],
  ['mocking by a schema', { mocking: { response_schema: {} } }, /mocking/],
  [
    'traffic-split two ways',
    { 'traffic-split': { rules: [{ weighted_upstreams: [{ upstream_id: 1, upstream: { nodes: {} } }] }] } },
    /traffic-split/,
  ],
  ['key-auth for nobody', { 'key-auth': { anonymous_consumer: 'x' } }, /key-auth.*anonymous_consumer/],
  ['key-auth with a secret', { 'key-auth': { key: 'x' } }, /key-auth.*key/],
])('%s is refused with its place', async (_what, plugins, reason) => {
  await using proxy = await startProxy([]);
  await expect(proxy.put('routes/bad', { uri: '/bad', plugins })).rejects.toThrow(reason);
});

/** A configuration of each plugin that is right. */
const right: Readonly<Record<string, object>> = {
  cors: {},
  'fault-injection': { abort: { http_status: 500 } },
  'ip-restriction': { whitelist: ['::1'] },
  'key-auth': {},
  'limit-count': { count: 1, time_window: 1 },
  'limit-req': { rate: 1, burst: 1, key: 'remote_addr' },
  mocking: { response_example: '' },
  prometheus: {},
  'proxy-rewrite': { uri: '/a' },
  redirect: { uri: '/there' },
  'request-id': {},
  'response-rewrite': { body: '' },
  'traffic-split': { rules: [{ weighted_upstreams: [{ weight: 1 }] }] },
  'ua-restriction': { denylist: ['bot'] },
  'uri-blocker': { block_rules: ['bad'] },
};

test('every plugin is in the table of those that are tried with null and unknown fields', () => {
  expect(Object.keys(right).toSorted()).toEqual(plugins.map(({ name }) => name).toSorted());
});

test.each(Object.entries(right))(
  '%s: null, and a field that is null or unknown, are refused with their place',
  async (name, conf) => {
    await using proxy = await startProxy([]);
    const place = `/plugins/${name}`;
    await proxy.put('routes/bad', { uri: '/bad', plugins: { [name]: conf } });
    for (const wrong of [
      null,
      { ...conf, surprise: 1 },
      ...Object.keys(conf).map((field) => ({ ...conf, [field]: null })),
    ]) {
      await expect(proxy.put('routes/bad', { uri: '/bad', plugins: { [name]: wrong } })).rejects.toThrow(place);
    }
  },
);

const kinds: Readonly<Record<string, object>> = {
  routes: {
    uri: '/x',
    host: 'a.com',
    methods: ['GET'],
    vars: [],
    remote_addr: '::1',
    priority: 1,
    status: 1,
    timeout: { connect: 1, send: 1, read: 1 },
    upstream: { nodes: {} },
    plugins: {},
    labels: {},
  },
  services: { hosts: ['a.com'], upstream: { nodes: {} }, plugins: {}, enable_websocket: true, labels: {} },
  upstreams: {
    type: 'roundrobin',
    nodes: {},
    retries: 1,
    retry_timeout: 1,
    timeout: { connect: 1, send: 1, read: 1 },
    pass_host: 'node',
    scheme: 'http',
    keepalive_pool: {},
    tls: {},
    checks: { active: {} },
  },
  plugin_configs: { plugins: {}, desc: '' },
  global_rules: { plugins: {} },
  consumers: { username: 'x', plugins: {}, desc: '' },
  blocks: { host: 'a.com', uri: '/a', remote_addr: '::1' },
};

test.each(Object.entries(kinds))(
  '%s: every field that is null, and one that is unknown, is refused with its place',
  async (kind, value) => {
    await using proxy = await startProxy([]);
    await proxy.put(`${kind}/x`, value);
    await expect(proxy.put(`${kind}/x`, { ...value, surprise: 1 })).rejects.toThrow('"surprise"');
    for (const field of Object.keys(value)) {
      await expect(proxy.put(`${kind}/x`, { ...value, [field]: null })).rejects.toThrow(`/${field}`);
    }
  },
);

test('route before plugin config before service, and global rules beside all of them', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' } });
  const says = (what: string): object => ({ 'response-rewrite': { headers: { set: { 'X-Who': what } } } });
  const id = (what: string): object => ({ 'request-id': { header_name: what } });
  await proxy.put('services/s', {
    upstream: { nodes: [upstream.node] },
    plugins: { ...says('service'), ...id('X-Service') },
  });
  await proxy.put('plugin_configs/p', { plugins: { ...says('config'), ...id('X-Config') } });
  await proxy.put('routes/all', { uri: '/all', service_id: 's', plugin_config_id: 'p', plugins: says('route') });
  await proxy.put('routes/two', { uri: '/two', service_id: 's', plugin_config_id: 'p' });
  await proxy.put('routes/one', { uri: '/one', service_id: 's' });
  await proxy.put('global_rules/g', { plugins: { 'response-rewrite': { headers: { add: ['X-Global: yes'] } } } });
  const who = async (path: string): Promise<unknown[]> => {
    const { headers } = await ask(proxy.port, { path });
    return [
      headers['x-who'],
      headers['x-config'] !== undefined,
      headers['x-service'] !== undefined,
      headers['x-global'],
    ];
  };
  expect(await who('/all')).toEqual(['route', true, false, 'yes']);
  expect(await who('/two')).toEqual(['config', true, false, 'yes']);
  expect(await who('/one')).toEqual(['service', false, true, 'yes']);
  // Also where no route is.
  expect(await who('/nowhere')).toEqual([undefined, false, false, 'yes']);
  await proxy.put('services/s', { upstream: { nodes: [upstream.node] }, plugins: says('service now') });
  expect(await who('/one')).toEqual(['service now', false, false, 'yes']);
  await proxy.put('global_rules/g', undefined);
  expect((await who('/one')).at(-1)).toBeUndefined();
});

test('_meta.priority puts a plugin before or behind others, for its route alone', async () => {
  await using proxy = await startProxy([], { route: { uri: '/none' } });
  const both = (priority: number): object => ({
    redirect: { uri: '/there', _meta: { priority } },
    'uri-blocker': { block_rules: ['.'], rejected_code: 410 },
  });
  await proxy.put('routes/before', { uri: '/before', plugins: both(2_901) });
  await proxy.put('routes/behind', { uri: '/behind', plugins: both(2_899) });
  const status = async (path: string): Promise<number> => (await ask(proxy.port, { path })).status;
  expect([await status('/before'), await status('/behind')]).toEqual([302, 410]);
});

test.each([
  ['service', { service_id: 'gone' }, 404],
  ['plugin config', { plugin_config_id: 'gone' }, 503],
  ['upstream', { upstream_id: 'gone' }, 502],
])('a %s that is not there: as APISIX answers', async (_what, names, status) => {
  await using proxy = await startProxy([], { route: { uri: '/none' } });
  await proxy.put('routes/r', { uri: '/r', ...names });
  expect((await ask(proxy.port, { path: '/r' })).status).toBe(status);
});

test('routes without hosts stand under those of their service, and move with them', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], { route: { uri: '/none' } });
  await proxy.put('routes/r', { uri: '/r', service_id: 's' });
  const at = async (host: string): Promise<number> => (await ask(proxy.port, { path: '/r', headers: { host } })).status;
  expect(await at('a.com')).toBe(404);
  await proxy.put('services/s', { hosts: ['A.com'], upstream: { nodes: [upstream.node] } });
  expect([await at('a.com'), await at('b.com')]).toEqual([200, 404]);
  await proxy.put('services/s', { hosts: ['*.b.com'], upstream: { nodes: [upstream.node] } });
  expect([await at('a.com'), await at('x.b.com')]).toEqual([404, 200]);
  await proxy.put('services/s', { upstream: { nodes: [upstream.node] } });
  expect(await at('c.com')).toBe(200);
});
