/** Where values of APISIX are refused here, or mean something else: a test for each line of docs/GATEWAY.md that says so. */
import { expect, test } from 'vitest';
import { type Ask, ask, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

const upstream = { nodes: { '127.0.0.1:1': 1 } };
const certificate = { cert: '-----BEGIN x', key: '-----BEGIN y', sni: 'a.com' };
const route = (more: object): object => ({ uri: '/x', upstream, ...more });
const plugin = (name: string, conf: object): object => route({ plugins: { [name]: conf } });
const keyOf = (key: string): object => ({ username: 'jack', plugins: { 'key-auth': { key } } });

test.each<[string, string, object, RegExp]>([
  ['a plugin that is not there', 'routes/x', plugin('jwt-auth', {}), /\/plugins: unknown plugin "jwt-auth"/],
  ['code for matching', 'routes/x', route({ filter_func: 'function() return true end' }), /"filter_func"/],
  ['a script', 'routes/x', route({ script: 'return' }), /"script"/],
  ['a path without its slash', 'routes/x', { uri: 'x', upstream }, /^routes\/x: \/uri /],
  ['service discovery', 'upstreams/x', { nodes: {}, service_name: 'x', discovery_type: 'dns' }, /"service_name"/],
  ['gRPC', 'upstreams/x', { nodes: {}, scheme: 'grpc' }, /\/scheme/],
  ['a client certificate by its id', 'upstreams/x', { nodes: {}, tls: { client_cert_id: '1' } }, /"client_cert_id"/],
  ['a second pair', 'ssls/x', { ...certificate, certs: [], keys: [] }, /"certs"/],
  ['client certificates', 'ssls/x', { ...certificate, client: { ca: '' } }, /"client"/],
  ['versions of TLS', 'ssls/x', { ...certificate, ssl_protocols: ['TLSv1.3'] }, /"ssl_protocols"/],
  ['a group of consumers', 'consumers/jack', { username: 'jack', group_id: 'g' }, /"group_id"/],
  ['credentials apart', 'consumers/jack/credentials/one', { plugins: { 'key-auth': { key: 'k' } } }, /username/],
  ['a secret in a manager', 'consumers/jack', keyOf('$secret://vault/1/jack/key'), /\/key-auth\/key is a reference/],
  ['a secret in the environment', 'consumers/jack', keyOf('$ENV://KEY'), /\/key-auth\/key is a reference/],
  [
    'a secret within a plugin',
    'routes/x',
    plugin('proxy-rewrite', { headers: { set: { A: '$env://TOKEN' } } }),
    /\/plugins\/proxy-rewrite\/headers\/set\/A is a reference/,
  ],
  ['a pattern that JavaScript reads otherwise', 'routes/x', route({ vars: [['uri', '~~', '\\A/x']] }), /\/vars: "\\A"/],
  ['classes of POSIX', 'routes/x', plugin('uri-blocker', { block_rules: ['[[:alpha:]]'] }), /block_rules: "\[\[:"/],
  ['a pattern that JavaScript lacks', 'routes/x', plugin('redirect', { regex_uri: ['^/(?>a)', '/'] }), /\/regex_uri/],
  ['timing of other origins', 'routes/x', plugin('cors', { timing_allow_origins: '*' }), /"timing_allow_origins"/],
  ['counts in Redis', 'routes/x', plugin('limit-req', { rate: 1, burst: 0, key: 'uri', policy: 'redis' }), /\/policy/],
])('%s is refused with its place', async (_what, key, value, reason) => {
  await using proxy = await startProxy([]);
  await expect(proxy.put(key, value)).rejects.toThrow(reason);
});

test.each(['plugin_metadata/x', 'secrets/vault/1', 'consumer_groups/x', 'protos/x', 'stream_routes/x', 'plugins'])(
  '%s is left alone, whatever it holds',
  async (key) => {
    await using proxy = await startProxy([], { plugins: { mocking: { response_example: 'served' } } });
    await proxy.put(key, 'no JSON');
    expect((await ask(proxy.port)).body).toBe('served');
    await proxy.put(key, undefined);
  },
);

/** What a route with these fields answers. */
async function answered(fields: object, question: Ask): Promise<string> {
  await using echo = await startServer(({ url, headers }, response) => {
    response.end(`${url} ${String(headers['x-seen'] ?? '')}`);
  });
  await using proxy = await startProxy([echo.node], { route: fields });
  const { status, headers, body } = await ask(proxy.port, question);
  return `${status} ${headers.location ?? body}`;
}

const rewriting = (conf: object): object => ({ plugins: { 'proxy-rewrite': conf } });
const seen = (text: string): object => rewriting({ headers: { set: { 'X-Seen': text } } });

test.each<[string, object, Ask, string | RegExp]>([
  ['vars see the path decoded and resolved', { vars: [['uri', '==', '/admin']] }, { path: '/x/..//%61dmin' }, /^200/],
  ['an inline flag at the beginning is taken', { vars: [['uri', '~~', '(?i)^/ADMIN']] }, { path: '/admin' }, /^200/],
  ['$route_name is the name of the route', { name: 'by name', ...seen('$route_name') }, {}, '200 / by name'],
  ['and empty without one', seen('<$route_name>'), {}, '200 / <>'],
  ['has is never true', { vars: [['arg_a', 'has', 'b']] }, { path: '/?a=b' }, /^404/],
  ['not has is always true', { vars: [['arg_a', '!', 'has', 'b']] }, { path: '/?a=b' }, /^200/],
  [
    'groups of regex_uri are not known in headers',
    rewriting({ regex_uri: ['^/(.*)', '/to/$1'], headers: { set: { 'X-Seen': '<$1>' } } }),
    { path: '/a' },
    '200 /to/a <>',
  ],
  ['what no regex_uri fits passes as it is', rewriting({ regex_uri: ['^/x', '/'] }), { path: '/a%2F' }, '200 /a%2F '],
  [
    'http_to_https leads to the usual port',
    { plugins: { redirect: { http_to_https: true } } },
    { path: '/a', headers: { host: 'h.com:9080' } },
    '301 https://h.com/a',
  ],
])('%s', async (_what, fields, question, expected) => {
  const answer = await answered(fields, question);
  if (typeof expected === 'string') expect(answer).toBe(expected);
  else expect(answer).toMatch(expected);
});
