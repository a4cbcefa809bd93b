/** Plugins that answer themselves: restrictions, faults, mocks, keys. */
import { expect, test } from 'vitest';
import { type Ask, ask, startServer } from '../../../support/http.ts';
import { type TestProxy, startProxy } from '../../../support/proxy.ts';

async function status(plugins: object, question: Ask = {}): Promise<number> {
  await using upstream = await startServer((_request, response) => response.end('upstream'));
  await using proxy = await startProxy([upstream.node], { plugins });
  return (await ask(proxy.port, question)).status;
}

const blocker = { block_rules: ['root\\.exe', '^/private', 'id=\\d{9}'] };

test.each<[string, object, Ask, number]>([
  ['uri-blocker: a forbidden word', { 'uri-blocker': blocker }, { path: '/a/root.exe' }, 403],
  ['uri-blocker: in the query', { 'uri-blocker': blocker }, { path: '/a?id=123456789' }, 403],
  ['uri-blocker: anything else', { 'uri-blocker': blocker }, { path: '/a/Root.exe' }, 200],
  ['uri-blocker: in any case', { 'uri-blocker': { ...blocker, case_insensitive: true } }, { path: '/a/Root.exe' }, 403],
  ['uri-blocker: with another code', { 'uri-blocker': { ...blocker, rejected_code: 404 } }, { path: '/private' }, 404],
  ['ua-restriction: denied', { 'ua-restriction': { denylist: ['bot'] } }, { headers: { 'user-agent': 'a bot' } }, 403],
  ['ua-restriction: not denied', { 'ua-restriction': { denylist: ['bot'] } }, { headers: { 'user-agent': 'me' } }, 200],
  ['ua-restriction: allowed', { 'ua-restriction': { allowlist: ['^me'] } }, { headers: { 'user-agent': 'me/1' } }, 200],
  [
    'ua-restriction: not allowed',
    { 'ua-restriction': { allowlist: ['^me'] } },
    { headers: { 'user-agent': 'x' } },
    403,
  ],
  ['ua-restriction: none', { 'ua-restriction': { denylist: ['bot'] } }, {}, 403],
  ['ua-restriction: none may pass', { 'ua-restriction': { denylist: ['bot'], bypass_missing: true } }, {}, 200],
  ['ip-restriction: allowed', { 'ip-restriction': { whitelist: ['127.0.0.0/24'] } }, {}, 200],
  ['ip-restriction: not allowed', { 'ip-restriction': { whitelist: ['10.0.0.0/8', '::1'] } }, {}, 403],
  ['ip-restriction: denied', { 'ip-restriction': { blacklist: ['127.0.0.1'] } }, {}, 403],
  ['ip-restriction: not denied', { 'ip-restriction': { blacklist: ['127.0.0.2/31'] } }, {}, 200],
  ['fault-injection: abort', { 'fault-injection': { abort: { http_status: 503 } } }, {}, 503],
  ['fault-injection: none of it', { 'fault-injection': { abort: { http_status: 503, percentage: 0 } } }, {}, 200],
  [
    'fault-injection: only what fits',
    { 'fault-injection': { abort: { http_status: 503, vars: [[['arg_a', '==', 'b']], [['arg_c', '==', 'd']]] } } },
    { path: '/?c=d' },
    503,
  ],
  [
    'fault-injection: nothing fits',
    { 'fault-injection': { abort: { http_status: 503, vars: [[['arg_a', '==', 'b']]] } } },
    { path: '/?c=d' },
    200,
  ],
  [
    'a plugin that is switched off',
    { 'ip-restriction': { blacklist: ['127.0.0.1'], _meta: { disable: true } } },
    {},
    200,
  ],
])('%s', async (_what, plugins, question, expected) => {
  expect(await status(plugins, question)).toBe(expected);
});

test('fault-injection: abort with body and headers, after a delay', async () => {
  await using proxy = await startProxy([], {
    plugins: {
      'fault-injection': {
        abort: { http_status: 200, body: 'for $remote_addr', headers: { 'X-F': '$uri' } },
        delay: { duration: 0.2 },
      },
    },
  });
  const started = performance.now();
  const { headers, body } = await ask(proxy.port, { path: '/x' });
  expect([body, headers['x-f']]).toEqual(['for 127.0.0.1', '/x']);
  expect(performance.now() - started).toBeGreaterThan(190);
});

test('fault-injection: a share of the requests', async () => {
  await using upstream = await startServer((_request, response) => response.end());
  await using proxy = await startProxy([upstream.node], {
    plugins: { 'fault-injection': { abort: { http_status: 500, percentage: 50 } } },
  });
  for (let count = 0; count < 200; count++) await ask(proxy.port);
  const faults = (await proxy.served())['500'] ?? 0;
  // Six standard deviations of a fair coin.
  expect(Math.abs(faults - 100)).toBeLessThan(43);
});

test('mocking: an answer without an upstream, with its headers', async () => {
  const mocking = { response_status: 202, response_example: '{"who":"$remote_addr"}', response_headers: { 'X-M': 1 } };
  await using proxy = await startProxy([], { plugins: { mocking } });
  const { status: code, headers, body } = await ask(proxy.port);
  expect([code, body]).toEqual([202, '{"who":"127.0.0.1"}']);
  expect(headers).toMatchObject({
    'x-m': '1',
    'x-mock-by': 'gatecrash-gateway',
    'content-type': expect.stringMatching(/json/),
  });
});

interface Seen {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function keyed(
  conf: object,
  question: Ask,
  configure: (proxy: TestProxy) => Promise<void> = threeConsumers,
  others: object = {},
): Promise<Seen> {
  await using upstream = await startServer(({ url, headers }, response) =>
    response.end(JSON.stringify({ url, headers })),
  );
  await using proxy = await startProxy([upstream.node], { plugins: { 'key-auth': conf, ...others } });
  await configure(proxy);
  const { status: code, body } = await ask(proxy.port, question);
  return { status: code, ...(JSON.parse(body) as Omit<Seen, 'status'>) };
}

async function threeConsumers(proxy: TestProxy): Promise<void> {
  await proxy.put('consumers/jack', { username: 'jack', plugins: { 'key-auth': { key: 'jacks' } } });
  const blocker = { 'uri-blocker': { block_rules: ['secret'], rejected_code: 410, rejected_msg: 'no' } };
  await proxy.put('consumers/joe', { username: 'joe', plugins: { 'key-auth': { key: 'joes' }, ...blocker } });
  await proxy.put('consumers/jane', {
    username: 'jane',
    plugins: { 'key-auth': { key: 'janes' }, 'ip-restriction': { blacklist: ['127.0.0.1'] } },
  });
}

test.each<[string, object, Ask, number]>([
  ['no key', {}, {}, 401],
  ['a wrong key', {}, { headers: { apikey: 'nobodys' } }, 401],
  ['a key in the header', {}, { headers: { apikey: 'jacks' } }, 200],
  ['a key in the query', {}, { path: '/?apikey=jacks' }, 200],
  ['another header', { header: 'X-Key' }, { headers: { 'x-key': 'jacks' } }, 200],
  ['another argument', { query: 'k' }, { path: '/?k=jacks' }, 200],
  ['the name of a prototype', {}, { headers: { apikey: '__proto__' } }, 401],
  ['a consumer with plugins of its own', {}, { headers: { apikey: 'janes' } }, 403],
  ['a consumer whose plugins act before', {}, { headers: { apikey: 'joes' }, path: '/secret' }, 410],
])('key-auth: %s', async (_what, conf, question, expected) => {
  expect((await keyed(conf, question)).status).toBe(expected);
});

test('key-auth: the upstream learns who it is from the gateway alone, and not the key when it is hidden', async () => {
  const headers = { apikey: 'jacks', 'X-Consumer-Username': 'admin' };
  expect((await keyed({}, { headers })).headers).toMatchObject({ 'x-consumer-username': 'jack', apikey: 'jacks' });
  expect((await keyed({ hide_credentials: true }, { headers })).headers).not.toHaveProperty('apikey');
  expect((await keyed({ hide_credentials: true }, { path: '/a?x=%20&apikey=jacks&y=+' })).url).toBe('/a?x=%20&y=+');
});

test.each([{ uri: '/b' }, { regex_uri: ['^/a', '/b'] }])(
  'key-auth: a path that is rewritten by %o does not bring the hidden key back',
  async (rewrite) => {
    const question = { path: '/a?x=%20&apikey=jacks&y=+' };
    const { url } = await keyed({ hide_credentials: true }, question, threeConsumers, { 'proxy-rewrite': rewrite });
    expect(url).toBe('/b?x=%20&y=+');
  },
);

test.each([
  ['first', ['ann', 'bob']],
  ['last', ['bob', 'ann']],
])('key-auth: of two consumers with one key the same one wins, also when it comes %s', async (_when, names) => {
  const { headers } = await keyed({}, { headers: { apikey: 'same' } }, async (proxy) => {
    for (const username of names)
      await proxy.put(`consumers/${username}`, { username, plugins: { 'key-auth': { key: 'same' } } });
  });
  expect(headers['x-consumer-username']).toBe('ann');
});

test('key-auth: a consumer that is deleted is nobody', async () => {
  const seen = await keyed({}, { headers: { apikey: 'jacks' } }, async (proxy) => {
    await threeConsumers(proxy);
    await proxy.put('consumers/jack', undefined);
  });
  expect(seen.status).toBe(401);
});
