/** Which fields cross the gateway. */
import { expect, test } from 'vitest';
import { type Ask, ask, exchangeRaw, startRawServer, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

type Settings = Readonly<Record<string, string>>;

/** The fields that reach the upstream, by lower-case name. */
async function received(question: Ask, wishes: Parameters<typeof startProxy>[1] = {}): Promise<Record<string, string>> {
  await using upstream = await startServer((request, response) => response.end(JSON.stringify(request.headers)));
  await using proxy = await startProxy([upstream.node], wishes);
  const answer = await ask(proxy.port, question);
  const headers = JSON.parse(answer.body) as Record<string, string>;
  return { ...headers, node: `127.0.0.1:${upstream.port}` };
}

test.each(['keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade', 'proxy-authorization'])(
  'the request field %s stays on its hop',
  async (name) => {
    // Chunked, because Node's client sends no Trailer field otherwise.
    const headers = { 'transfer-encoding': 'chunked', [name]: 'x' };
    expect(await received({ method: 'POST', headers })).not.toHaveProperty(name);
  },
);

test('what was decoded of a path or an argument goes into a header as the bytes that it was', async () => {
  const set = { 'x-path': '$uri', 'x-name': '<$arg_name>' };
  const headers = await received(
    { path: '/caf%C3%A9/%E4%BD%A0?name=%C3%BC' },
    { route: { uri: '/*' }, plugins: { 'proxy-rewrite': { headers: { set } } } },
  );
  // Read byte by byte twice: as a field by the upstream, and as a body here.
  const once = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
  const text = (name: string): string => once(once(headers[name] ?? ''));
  expect([text('x-path'), text('x-name')]).toEqual(['/café/你', '<ü>']);
});

test('request fields named in Connection stay on their hop, others pass', async () => {
  const headers = await received({ headers: { connection: 'X-Mine, close', 'x-mine': '1', 'x-yours': '2' } });
  expect(headers).not.toHaveProperty('x-mine');
  expect(headers).toMatchObject({ 'x-yours': '2' });
});

test.each<[string, readonly string[], string]>([
  ['a first hop', [], '127.0.0.1'],
  ['a later hop', ['10.0.0.1'], '10.0.0.1, 127.0.0.1'],
  ['several fields', ['10.0.0.1', '10.0.0.2'], '10.0.0.1, 10.0.0.2, 127.0.0.1'],
])('X-Forwarded-For of %s', async (_name, sent, expected) => {
  const headers = await received(sent.length === 0 ? {} : { headers: { 'x-forwarded-for': sent } });
  expect(headers['x-forwarded-for']).toBe(expected);
});

test.each(['X-Forwarded-Prefix', 'X-Anything', 'Cookie', 'Accept'])(
  'the field %s, sent twice, arrives with both values and each once',
  async (name) => {
    // apache/apisix#7215: "table: 0x…".
    await using upstream = await startServer((request, response) => response.end(JSON.stringify(request.rawHeaders)));
    await using proxy = await startProxy([upstream.node]);
    const fields = `${name}: one\r\n${name}: two\r\n`;
    const text = await exchangeRaw(proxy.port, `GET / HTTP/1.1\r\nHost: a\r\n${fields}Connection: close\r\n\r\n`);
    const raw = JSON.parse(/^\[.*\]$/m.exec(text)?.[0] ?? '[]') as readonly string[];
    expect(raw.filter((_each, index) => raw[index - 1]?.toLowerCase() === name.toLowerCase())).toEqual(['one', 'two']);
  },
);

/** What the upstream is told of a client that sends these lines: each line of that sort, sorted. */
async function told(lines: readonly string[], settings: Settings, version = '1.1'): Promise<readonly string[]> {
  await using upstream = await startServer((request, response) => response.end(JSON.stringify(request.rawHeaders)));
  await using proxy = await startProxy([upstream.node], { settings });
  const head = [`GET / HTTP/${version}`, ...lines, 'Connection: close'];
  const text = await exchangeRaw(proxy.port, `${head.join('\r\n')}\r\n\r\n`);
  const raw = JSON.parse(/^\[.*\]$/m.exec(text)?.[0] ?? '[]') as readonly string[];
  const named = raw.flatMap((name, index) =>
    index % 2 === 0 && /^(?:x-real-ip|x-forwarded-.*|forwarded)$/i.test(name) ? [`${name}: ${raw[index + 1]}`] : [],
  );
  return named.map((line) => line.replace(`: ${proxy.port}`, ': of the listener')).toSorted();
}

const plain = 'Host: shop.example.com';
const claims = [
  plain,
  'X-Real-IP: 10.0.0.9',
  'X-Forwarded-For: 10.0.0.1',
  'x-forwarded-proto: https',
  'X-Forwarded-Host: forged.test',
  'X-Forwarded-Host: twice.test',
  'X-Forwarded-Port: 443',
  'Forwarded: for=10.0.0.1',
];
const seen = [
  'X-Forwarded-Host: shop.example.com',
  'X-Forwarded-Port: of the listener',
  'X-Forwarded-Proto: http',
  'X-Real-IP: 127.0.0.1',
];
const believed = [
  'Forwarded: for=10.0.0.1',
  'X-Forwarded-For: 10.0.0.1, 127.0.0.1',
  'X-Forwarded-Host: forged.test, twice.test',
  'X-Forwarded-Port: 443',
  'X-Forwarded-Proto: https',
  'X-Real-IP: 127.0.0.1',
];
const trusted: Settings = { GATEWAY_TRUSTED_ADDRESSES: '10.0.0.0/8, 127.0.0.1' };
const others: Settings = { GATEWAY_TRUSTED_ADDRESSES: '10.0.0.0/8' };

// apache/apisix#12551 and istio/istio#17746: lost; kubernetes/ingress-nginx#789: doubled.
test.each<[string, readonly string[], Settings, readonly string[]]>([
  ['a client', [plain], {}, ['X-Forwarded-For: 127.0.0.1', ...seen]],
  [
    'a client that names a port',
    ['Host: Shop.example.com:8080'],
    {},
    [
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: Shop.example.com:8080',
      'X-Forwarded-Port: 8080',
      ...seen.slice(2),
    ],
  ],
  [
    'a client that names an address without a port',
    ['Host: [::1]'],
    {},
    ['X-Forwarded-For: 127.0.0.1', 'X-Forwarded-Host: [::1]', ...seen.slice(1)],
  ],
  ['a client that claims much', claims, {}, ['X-Forwarded-For: 10.0.0.1, 127.0.0.1', ...seen]],
  ['a client that claims much while others are trusted', claims, others, ['X-Forwarded-For: 127.0.0.1', ...seen]],
  ['a client that claims much and is trusted', claims, trusted, believed],
  [
    'a client that is trusted and says nothing',
    [plain, 'X-Forwarded-Proto:', 'X-Forwarded-Host:', 'X-Forwarded-Port:', 'Forwarded:'],
    trusted,
    ['X-Forwarded-For: 127.0.0.1', ...seen],
  ],
])('the upstream is told of %s', async (_who, lines, settings, expected) => {
  expect(await told(lines, settings)).toEqual(expected);
});

test('of a client of HTTP/1.0 that names no host the upstream is told none', async () => {
  expect(await told([], {}, '1.0')).toEqual(['X-Forwarded-For: 127.0.0.1', ...seen.slice(1)]);
});

test.each<[string, Settings, number]>([
  ['nobody', {}, 404],
  ['the client', trusted, 200],
])('a rule on X-Forwarded-Proto meets what upstreams are told; trusted is %s', async (_who, settings, status) => {
  await using upstream = await startServer((_request, response) => response.end());
  const route = { vars: [['http_x_forwarded_proto', '==', 'https']] };
  await using proxy = await startProxy([upstream.node], { settings, route });
  expect((await ask(proxy.port, { headers: { 'x-forwarded-proto': 'https' } })).status).toBe(status);
});

test('proxy-rewrite has the last word on them', async () => {
  // apache/apisix#8200, apache/apisix#13753.
  const plugins = { 'proxy-rewrite': { headers: { set: { 'X-Forwarded-Host': 'outer.test' } } } };
  expect((await received({}, { plugins }))['x-forwarded-host']).toBe('outer.test');
});

test.each([
  ['pass', {}, 'shop.example.com'],
  ['node', { upstream: { pass_host: 'node' } }, 'the node'],
  ['rewrite', { upstream: { pass_host: 'rewrite', upstream_host: 'inner' } }, 'inner'],
  [
    'the rewrite plugin first',
    { upstream: { pass_host: 'node' }, plugins: { 'proxy-rewrite': { host: 'plugin' } } },
    'plugin',
  ],
])('Host with pass_host %s', async (_name, wishes, expected) => {
  const headers = await received({ headers: { host: 'shop.example.com' } }, wishes);
  expect(headers['host']).toBe(expected === 'the node' ? headers['node'] : expected);
});

const rawAnswer = [
  'HTTP/1.1 200 Fine',
  'Set-Cookie: a=1',
  'X-Mine: secret',
  'Connection: x-mine, keep-alive',
  'Keep-Alive: timeout=9',
  'Proxy-Authenticate: x',
  'set-cookie: b=2',
  'X-Latin: caf\u00e9',
  'Content-Length: 2',
  '',
  'ok',
].join('\r\n');

test('response fields keep their order, case and bytes; those of the hop stay behind', async () => {
  await using upstream = await startRawServer((socket) => socket.on('data', () => socket.write(rawAnswer, 'latin1')));
  await using proxy = await startProxy([upstream.node]);
  const text = await exchangeRaw(proxy.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const [statusLine, ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n');
  expect(statusLine).toBe('HTTP/1.1 200 Fine');
  expect(lines.filter((line) => !/^(date|connection):/i.test(line))).toEqual([
    'Set-Cookie: a=1',
    'set-cookie: b=2',
    'X-Latin: caf\u00e9',
    'Content-Length: 2',
    expect.stringMatching(/^x-gateway-worker: \d+$/),
  ]);
});
