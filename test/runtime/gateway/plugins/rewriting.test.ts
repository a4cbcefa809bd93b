/** Plugins that change what the upstream or the client sees. */
import { expect, test } from 'vitest';
import { type Ask, type Answer, ask, startServer } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';
import type { Settings } from '../../../support/shared-gateways.ts';

/** The answer of an upstream that tells what it was asked. */
async function answered(plugins: object, question: Ask = {}, settings: Settings = {}): Promise<Answer> {
  await using upstream = await startServer((request, response) => {
    const told = { method: request.method, url: request.url, headers: request.headers };
    response.writeHead(201, { 'X-Old': 'old', 'Set-Cookie': ['a=1', 'b=2'], 'Content-Encoding': 'identity' });
    response.end(JSON.stringify(told));
  });
  await using proxy = await startProxy([upstream.node], { plugins, settings });
  return await ask(proxy.port, { ...question, headers: { host: 'h.com', ...question.headers } });
}

async function asked(
  plugins: object,
  question: Ask = {},
): Promise<{ method: string; url: string; headers: Record<string, string> }> {
  return JSON.parse((await answered(plugins, question)).body) as never;
}

test('proxy-rewrite: method, host and headers, with variables; add keeps, set replaces, remove takes away', async () => {
  const rewrite = {
    method: 'PUT',
    host: 'inner.example.com',
    headers: { set: { 'X-Set': '$remote_addr-$arg_id' }, add: { 'X-Both': 'gateway' }, remove: ['X-Gone'] },
  };
  const headers = { 'X-Set': 'client', 'X-Both': 'client', 'X-Gone': 'client' };
  const seen = await asked({ 'proxy-rewrite': rewrite }, { path: '/a?id=7', headers });
  expect(seen).toMatchObject({
    method: 'PUT',
    headers: { host: 'inner.example.com', 'x-set': '127.0.0.1-7', 'x-both': 'client, gateway' },
  });
  expect(seen.headers).not.toHaveProperty('x-gone');
});

test.each<[string, object, string]>([
  ['variables in the path', { uri: '/v/$arg_v/${host}' }, '/v/1/h.com?v=1'],
  ['variables side by side, absent, and none', { uri: '/$arg_n${arg_v}$arg_v-$-${-$$' }, '/11-$-${-$$?v=1'],
  ['the first pattern that fits', { regex_uri: ['^/x', '/no', '^/(a)/(.*)', '/$2/$1', '^/a', '/late'] }, '/b/a?v=1'],
])('proxy-rewrite: %s', async (_what, rewrite, url) => {
  expect((await asked({ 'proxy-rewrite': rewrite }, { path: '/a/b?v=1' })).url).toBe(url);
});

test('response-rewrite: status, headers and body, with a length that is right', async () => {
  const rewrite = {
    status_code: 403,
    body: 'nö',
    headers: {
      set: { 'X-Old': 'new', 'X-Who': '$remote_addr' },
      add: ['X-More: 1', 'X-More: 2'],
      remove: ['Set-Cookie'],
    },
  };
  const { status, headers, body } = await answered({ 'response-rewrite': rewrite });
  expect([status, Buffer.from(body, 'latin1').toString()]).toEqual([403, 'nö']);
  expect(headers).toMatchObject({ 'x-old': 'new', 'x-who': '127.0.0.1', 'x-more': '1, 2', 'content-length': '3' });
  expect(headers).not.toHaveProperty('set-cookie');
  expect(headers).not.toHaveProperty('content-encoding');
});

test.each<[string, unknown[], boolean]>([
  ['the status of the upstream', [['status', '==', 201]], true],
  ['another status', [['status', '==', 200]], false],
  ['a header of the answer', [['sent_http_x_old', '==', 'old']], true],
  ['something of the request', [['arg_a', '==', 'b']], false],
])('response-rewrite happens by %s', async (_what, vars, happens) => {
  const { status } = await answered({ 'response-rewrite': { status_code: 418, vars } });
  expect(status).toBe(happens ? 418 : 201);
});

test('response-rewrite: a body in Base64, and headers in the older form', async () => {
  const rewrite = { body: Buffer.from([0, 255]).toString('base64'), body_base64: true, headers: { 'X-Plain': 7 } };
  const { headers, body } = await answered({ 'response-rewrite': rewrite });
  expect([...Buffer.from(body, 'latin1')]).toEqual([0, 255]);
  expect(headers['x-plain']).toBe('7');
});

test.each<[string, object, Ask, number, string | undefined]>([
  ['http_to_https', { http_to_https: true }, { path: '/a?b=c' }, 301, 'https://h.com/a?b=c'],
  [
    'http_to_https of a POST keeps it a POST',
    { http_to_https: true },
    { method: 'POST', path: '/a' },
    308,
    'https://h.com/a',
  ],
  ['uri', { uri: '/new$uri' }, { path: '/old?x=1' }, 302, '/new/old'],
  ['uri with a path that was encoded', { uri: '/new$uri' }, { path: '/a%20b%3F' }, 302, '/new/a%20b%3F'],
  ['encode_uri', { uri: '/new$uri', encode_uri: true }, { path: '/a%20b' }, 302, '/new/a%20b'],
  ['uri with the query', { uri: '/new', append_query_string: true }, { path: '/old?x=1' }, 302, '/new?x=1'],
  [
    'uri with a query of its own',
    { uri: '/new?y=2', append_query_string: true },
    { path: '/o?x=1' },
    302,
    '/new?y=2&x=1',
  ],
  ['ret_code', { uri: '/new', ret_code: 307 }, { path: '/old' }, 307, '/new'],
  ['regex_uri', { regex_uri: ['^/u/(\\d+)$', '/users/$1'] }, { path: '/u/7' }, 302, '/users/7'],
  [
    'regex_uri sees the path decoded',
    { regex_uri: ['^/u/(.*)$', '/users/$1'] },
    { path: '/%75/a%20b' },
    302,
    '/users/a%20b',
  ],
  ['regex_uri that does not fit passes', { regex_uri: ['^/u/(\\d+)$', '/users/$1'] }, { path: '/v' }, 201, undefined],
])('redirect: %s', async (_what, redirect, question, status, location) => {
  const answer = await answered({ redirect }, question);
  expect([answer.status, answer.headers.location]).toEqual([status, location]);
});

// apache/apisix#6242: a redirect to itself without end. But a client that nobody trusts is not asked.
test.each([
  ['a balancer that has taken the TLS away', 'https', '127.0.0.1', 201],
  ['a balancer that has taken no TLS away', 'http', '127.0.0.1', 301],
  ['a client that says so of itself', 'https', '10.0.0.0/8', 301],
])('http_to_https behind %s', async (_who, proto, trusted, status) => {
  const question = { headers: { 'X-Forwarded-Proto': proto } };
  const settings = { GATEWAY_TRUSTED_ADDRESSES: trusted };
  expect((await answered({ redirect: { http_to_https: true } }, question, settings)).status).toBe(status);
});

test('request-id: made where there is none, kept where there is one, and the same for upstream and client', async () => {
  const { headers, body } = await answered({ 'request-id': {} });
  const seen = JSON.parse(body) as { headers: Record<string, string> };
  expect(headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  expect(seen.headers['x-request-id']).toBe(headers['x-request-id']);
  const kept = await answered({ 'request-id': {} }, { headers: { 'X-Request-Id': 'mine' } });
  expect([kept.headers['x-request-id'], kept.body]).toEqual(['mine', expect.stringContaining('"mine"')]);
  const hidden = await answered({
    'request-id': { include_in_response: false, header_name: 'X-Trace', algorithm: 'nanoid' },
  });
  expect(hidden.headers).not.toHaveProperty('x-trace');
  expect(hidden.body).toMatch(/"x-trace":"[\w-]{21}"/);
});

const crossing = { Origin: 'https://a.com' };

test.each<[string, object, Ask, Readonly<Record<string, string | undefined>>]>([
  ['everybody by default', {}, { headers: crossing }, { 'access-control-allow-origin': '*', vary: undefined }],
  [
    'a listed origin by its name',
    { allow_origins: 'https://a.com,https://b.com' },
    { headers: crossing },
    { 'access-control-allow-origin': 'https://a.com', vary: 'Origin' },
  ],
  [
    'no other origin',
    { allow_origins: 'https://b.com' },
    { headers: crossing },
    { 'access-control-allow-origin': undefined, vary: 'Origin' },
  ],
  [
    'an origin by pattern, with credentials',
    {
      allow_origins: 'https://b.com',
      allow_origins_by_regex: ['^https://\\w\\.com$'],
      allow_credential: true,
      allow_methods: 'GET',
      allow_headers: 'X-A',
    },
    { headers: crossing },
    { 'access-control-allow-origin': 'https://a.com', 'access-control-allow-credentials': 'true' },
  ],
  ['exposed headers', { expose_headers: 'X-B' }, { headers: crossing }, { 'access-control-expose-headers': 'X-B' }],
])('cors: %s', async (_what, cors, question, headers) => {
  const answer = await answered({ cors }, question);
  for (const [name, value] of Object.entries(headers)) expect(answer.headers[name]).toBe(value);
});

test('cors: every OPTIONS is answered by the gateway, as APISIX does, whether or not it is a preflight', async () => {
  const preflight = { ...crossing, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'X-A' };
  const options = { allow_methods: '**', allow_headers: '**', allow_origins: '**', max_age: 60 };
  const answer = await answered({ cors: options }, { method: 'OPTIONS', headers: preflight });
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': 'https://a.com',
    'access-control-allow-methods': expect.stringContaining('PUT'),
    'access-control-allow-headers': 'X-A',
    'access-control-max-age': '60',
  });
  expect(await answered({ cors: options }, { method: 'OPTIONS' })).toMatchObject({ status: 200, body: '' });
  expect((await answered({ cors: options }, { method: 'GET' })).status).toBe(201);
});

test.each<[string, object, string]>([
  ['response-rewrite', { 'response-rewrite': { headers: { set: { 'X-A': 'a$arg_x' } } } }, 'x-a'],
  ['redirect', { redirect: { uri: '/to$arg_x' } }, 'location'],
  ['mocking', { mocking: { response_example: '', response_headers: { 'X-A': 'fixed' } } }, 'x-a'],
])(
  '%s: a line break from the client makes no header of its own, and takes no worker down',
  async (_what, plugins, name) => {
    const { headers } = await answered(plugins, { path: '/?x=%0d%0aX-Evil:%201%00%e2%82%ac' });
    expect(headers).not.toHaveProperty('x-evil');
    // The euro sign may pass, as the bytes that it was.
    expect(headers[name]).toMatch(/^(a|\/to)X-Evil: 1(â\u0082¬)?$|^fixed$/);
  },
);

test('proxy-rewrite: nor does one on its way to the upstream', async () => {
  const seen = await asked(
    { 'proxy-rewrite': { headers: { set: { 'X-A': 'a$arg_x' } } } },
    { path: '/?x=%0d%0aX-Evil:%201' },
  );
  expect(seen.headers).not.toHaveProperty('x-evil');
  expect(seen.headers['x-a']).toBe('aX-Evil: 1');
});
