/** Values as the Admin API of APISIX 3.x leaves them in etcd, with every default spelled out, load as they are and serve. */
import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAuthority, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, freePort, startEtcd } from '../../support/etcd.ts';
import { type TestGateway, startGateway } from '../../support/gateway.ts';
import { type Answer, type Ask, type TestServer, ask, startServer, until } from '../../support/http.ts';

let etcd: TestEtcd;
let gateway: TestGateway;
let upstream: TestServer;
let authority: TestAuthority;
let tlsPort: number;

/** As APISIX encrypts secrets by default, with the first key of its ring; the second is that of older versions. */
function sealed(text: string, key: 'qeddd145sfvddff3' | 'edd1c9f0985e76a2' | 'a-key-of-another'): string {
  const cipher = createCipheriv('aes-128-cbc', key, key);
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
}

const times = { create_time: 1_700_000_000, update_time: 1_700_000_100 };
const about = { ...times, name: 'shop', desc: 'all of it', labels: { team: 'blue', build: '16' } };
const timeout = { connect: 6, send: 6, read: 6 };
const checks = {
  active: {
    type: 'http',
    timeout: 1,
    concurrency: 10,
    host: 'shop.example.com',
    http_path: '/status',
    https_verify_certificate: true,
    req_headers: ['User-Agent: curl/7.29.0'],
    healthy: { interval: 1, successes: 2, http_statuses: [200, 302] },
    unhealthy: {
      interval: 1,
      http_failures: 5,
      tcp_failures: 2,
      timeouts: 3,
      http_statuses: [429, 404, 500, 501, 502, 503, 504, 505],
    },
  },
  passive: {
    type: 'http',
    healthy: { successes: 5, http_statuses: [200, 201, 302] },
    unhealthy: { http_failures: 5, tcp_failures: 2, timeouts: 7, http_statuses: [429, 500, 503] },
  },
};
const fullUpstream = (): object => ({
  ...about,
  type: 'roundrobin',
  scheme: 'http',
  pass_host: 'pass',
  hash_on: 'vars',
  retries: 1,
  retry_timeout: 0,
  timeout,
  keepalive_pool: { size: 320, idle_timeout: 60, requests: 1_000 },
  checks,
  nodes: [{ ...upstream.node, priority: 0 }],
});

/** By name, each with all the fields that APISIX writes. */
const plugins: Readonly<Record<string, object>> = {
  cors: {
    allow_origins: '*',
    allow_methods: '*',
    allow_headers: '*',
    expose_headers: '*',
    max_age: 5,
    allow_credential: false,
  },
  'fault-injection': { abort: { http_status: 503, percentage: 0 }, delay: { duration: 0.01, percentage: 100 } },
  'ip-restriction': { whitelist: ['127.0.0.0/24'], message: 'Your IP address is not allowed', response_code: 403 },
  'key-auth': { header: 'apikey', query: 'apikey', hide_credentials: false, realm: 'key' },
  'limit-count': {
    count: 1_000,
    time_window: 60,
    key: 'remote_addr',
    key_type: 'var',
    policy: 'local',
    rejected_code: 503,
    allow_degradation: false,
    show_limit_quota_header: true,
  },
  'limit-req': {
    rate: 1_000,
    burst: 1_000,
    key: 'remote_addr',
    key_type: 'var',
    policy: 'local',
    rejected_code: 503,
    nodelay: false,
    allow_degradation: false,
  },
  mocking: {
    delay: 0,
    response_status: 200,
    content_type: 'application/json;charset=utf8',
    response_example: '{}',
    with_mock_header: true,
  },
  prometheus: { prefer_name: false },
  'proxy-rewrite': {
    uri: '/seen$uri',
    method: 'GET',
    use_real_request_uri_unsafe: false,
    headers: { set: { 'X-Api-Version': 'v1' }, add: { 'X-More': '1' }, remove: ['X-Gone'] },
  },
  redirect: { uri: '/there', ret_code: 302, append_query_string: false, encode_uri: false },
  'request-id': {
    header_name: 'X-Request-Id',
    include_in_response: true,
    algorithm: 'uuid',
    range_id: { length: 16, char_set: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIGKLMNOPQRSTUVWXYZ0123456789' },
  },
  'response-rewrite': { body_base64: false, headers: { set: { 'X-Server': '$balancer_ip' } } },
  'traffic-split': {
    rules: [
      {
        match: [{ vars: [['arg_name', '==', 'jack']] }],
        weighted_upstreams: [
          {
            upstream: { name: 'b', type: 'roundrobin', timeout, pass_host: 'pass', scheme: 'http', nodes: {} },
            weight: 1,
          },
          { weight: 1 },
        ],
      },
    ],
  },
  'ua-restriction': { bypass_missing: true, denylist: ['bot'], message: 'Not allowed' },
  'uri-blocker': { block_rules: ['root.exe'], rejected_code: 403, case_insensitive: false },
};

function values(): Readonly<Record<string, object | string>> {
  const node = `127.0.0.1:${upstream.port}`;
  const inline = { type: 'roundrobin', nodes: { [node]: 1 } };
  const route = { ...times, id: '1', priority: 0, status: 1 };
  const each = Object.entries(plugins).map(([name, conf]) => [
    `routes/plugin-${name}`,
    { ...route, id: `plugin-${name}`, uri: `/plugin/${name}`, upstream: inline, plugins: { [name]: conf } },
  ]);
  return {
    ...Object.fromEntries(each),
    // The marks that APISIX writes at every start.
    'routes/': 'init_dir',
    'upstreams/': 'init_dir',
    'plugins/': 'init_dir',
    'proto/': 'init_dir',
    'upstreams/1': { ...fullUpstream(), id: '1' },
    'services/1': { ...about, id: '1', enable_websocket: true, hosts: ['shop.example.com'], upstream_id: '1' },
    'plugin_configs/1': { ...about, id: '1', plugins: { 'request-id': plugins['request-id'] } },
    'global_rules/1': { ...times, id: '1', plugins: { 'response-rewrite': { headers: { set: { 'X-Global': '1' } } } } },
    'consumers/jack': { ...times, username: 'jack', desc: 'who', plugins: { 'key-auth': { key: 'auth-one' } } },
    'consumers/jill': {
      ...times,
      username: 'jill',
      plugins: { 'key-auth': { key: sealed('auth-two', 'qeddd145sfvddff3') } },
    },
    'ssls/1': certificate('1', 'shop.example.com', 'qeddd145sfvddff3'),
    'ssls/2': certificate('2', 'old.example.com', 'edd1c9f0985e76a2'),
    'routes/1': { ...about, ...route, uri: '/inline', methods: ['GET', 'PURGE'], vars: [], upstream: fullUpstream() },
    'routes/12345': { ...route, id: 12_345, uri: '/numbers', upstream_id: 1, timeout },
    'routes/00000000000000000123': {
      ...route,
      id: '00000000000000000123',
      uris: ['/shop/*', '/shop'],
      service_id: '1',
      plugin_config_id: '1',
      plugins: {},
    },
  };
}

function certificate(id: string, sni: string, by: Parameters<typeof sealed>[1]): object {
  const { cert, key } = authority.issue(sni);
  return { ...times, id, cert, key: sealed(key, by), snis: [sni], status: 1, type: 'server' };
}

beforeAll(async () => {
  authority = createAuthority();
  etcd = await startEtcd();
  upstream = await startServer((request, response) => response.end(request.url));
  const client = new Etcd3({ hosts: etcd.url.origin });
  for (const [key, value] of Object.entries(values())) {
    await client.put(`/apisix/${key}`).value(typeof value === 'string' ? value : JSON.stringify(value));
  }
  client.close();
  tlsPort = await freePort();
  gateway = await startGateway({ etcd: etcd.url, env: { GATEWAY_TLS_LISTEN: `127.0.0.1:${tlsPort}` } });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  authority[Symbol.dispose]();
});

const get = (path: string, headers: Ask['headers'] = {}): Promise<Answer> =>
  ask(Number(gateway.traffic.port), { path, headers });

test('nothing is refused', async () => {
  expect((await gateway.workers()).map(({ rejected }) => rejected)).toEqual([{}]);
});

test.each([
  ['an upstream inside the route', '/inline', {}],
  ['ids that are numbers', '/numbers', {}],
  ['a service, an upstream and a plugin config by their ids', '/shop/cart', { host: 'shop.example.com' }],
])('%s', async (_what, path, headers) => {
  expect(await get(path, headers)).toMatchObject({ status: 200, body: path, headers: { 'x-global': '1' } });
});

test('the plugin config is in force, and the hosts of the service keep others out', async () => {
  expect((await get('/shop', { host: 'shop.example.com' })).headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  expect((await get('/shop', { host: 'other.example.com' })).status).toBe(404);
});

test.each(Object.keys(plugins))('the plugin %s with every default spelled out', async (name) => {
  const expected: Readonly<Record<string, number>> = { redirect: 302 };
  const path = `/plugin/${name}`;
  const { status, body } = await get(path, { apikey: 'auth-one', host: 'h' });
  expect(status).toBe(expected[name] ?? 200);
  if (name === 'proxy-rewrite') expect(body).toBe(`/seen${path}`);
});

test.each(['auth-one', 'auth-two'])('the key %s, in clear or encrypted by APISIX, is known', async (apikey) => {
  expect((await get('/plugin/key-auth', { apikey })).status).toBe(200);
});

test('a wrong key is told how to ask, in the realm of the route', async () => {
  expect(await get('/plugin/key-auth', { apikey: sealed('auth-two', 'qeddd145sfvddff3') })).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'apikey realm="key"' },
  });
});

test.each(['shop.example.com', 'old.example.com'])('the key of %s, encrypted by APISIX, serves TLS', async (name) => {
  const socket = connect({ port: tlsPort, host: '127.0.0.1', servername: name, ca: authority.ca });
  await once(socket, 'secureConnect');
  expect(socket.getPeerCertificate().subject.CN).toBe(name);
  socket.destroy();
});

test('what was encrypted with a key that is not in the ring is refused, and told without the secret', async () => {
  const client = new Etcd3({ hosts: etcd.url.origin });
  const value = certificate('3', 'lost.example.com', 'a-key-of-another');
  await client.put('/apisix/ssls/3').value(JSON.stringify(value));
  client.close();
  const reason = async (): Promise<string | undefined> => (await gateway.workers())[0]?.rejected['/apisix/ssls/3'];
  await expect.poll(reason).toMatch(/^\/key /);
  expect(gateway.log()).not.toContain((value as { readonly key: string }).key.slice(0, 40));
});
