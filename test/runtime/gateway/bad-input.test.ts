/** Malformed requests and an etcd that talks nonsense, against a real gateway: it stays up, and the good route serves on. */
import { once } from 'node:events';
import { type Http2Server, type ServerHttp2Stream, createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type TestGateway, startGateway } from '../../support/gateway.ts';
import { type TestServer, startRawServer, startServer, until } from '../../support/http.ts';

let etcd: TestEtcd;
let gateway: TestGateway;
let upstream: TestServer;
const seen: string[] = [];

beforeAll(async () => {
  etcd = await startEtcd();
  upstream = await startServer((request, response) => {
    seen.push(request.url ?? '');
    request.resume().once('end', () => response.end('upstream'));
  });
  const client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/apisix/routes/r').value(JSON.stringify({ uri: '/*', upstream: { nodes: [upstream.node] } }));
  client.close();
  gateway = await startGateway({ etcd: etcd.url, workers: 1 });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

/** All that comes back for these bytes, until the gateway ends the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(Number(gateway.traffic.port), '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  socket.write(bytes, 'latin1');
  await until(() => socket.closed || socket.readableEnded, 'the gateway ends the connection');
  socket.destroy();
  return text;
}

function malformed(): Promise<number> {
  return gateway.metric('gateway_malformed_requests_total');
}

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';

test.each<[string, string]>([
  [
    'length and chunks',
    'POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'two different lengths',
    `POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: ${smuggled.length}\r\n\r\n`,
  ],
  ['a length with a sign', 'POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: +4\r\n\r\nabcd'],
  ['a length that is no number', 'POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0x4\r\n\r\nabcd'],
  ['chunked not last', 'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
  ['an unknown coding', 'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
  ['a space before the colon', 'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n'],
  ['a folded header', 'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:\r\n xchunked\r\n\r\n0\r\n\r\n'],
  ['a header with a bare CR', 'GET /a HTTP/1.1\r\nHost: h\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n'],
  ['a NUL in a header', 'GET /a HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n'],
  ['a method that is none', 'G<T /a HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a version that is none', 'GET /a HTTP/9.9\r\nHost: h\r\n\r\n'],
  ['headers of 64 KiB', `GET /a HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`],
  ['lines that end in a bare LF', 'GET /a HTTP/1.1\nHost: h\n\n'],
  ['one line that ends in a bare LF', 'POST /a HTTP/1.1\r\nHost: h\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks twice', 'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
  ['TLS in the clear', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
])('%s is refused, and nothing of it reaches the upstream', async (_what, bytes) => {
  const [before, counted] = [seen.length, await malformed()];
  expect(await answerTo(`${bytes}${smuggled}`)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
  expect(seen.slice(before)).toEqual([]);
  await until(async () => (await malformed()) > counted, 'it is counted');
  expect(await gateway.get('/good')).toBe('200 upstream');
});

test.each<[string, string]>([
  [
    'a chunk size that is none',
    'POST /bad-chunk HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n',
  ],
  [
    'a chunk size that ends in a bare LF',
    'POST /bad-chunk HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n',
  ],
  [
    'a chunk longer than it says',
    'POST /bad-chunk HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcdef\r\n0\r\n\r\n',
  ],
  [
    'a chunk size beyond all bounds',
    'POST /bad-chunk HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na',
  ],
])('%s: the request is cut off and never answered as if it were whole', async (_what, bytes) => {
  const [before, counted] = [seen.length, await malformed()];
  expect(await answerTo(`${bytes}${smuggled}`)).not.toMatch(/ 200 /);
  expect(seen.slice(before)).not.toContain('/smuggled');
  await until(async () => (await malformed()) > counted, 'it is counted');
  expect(await gateway.get('/good')).toBe('200 upstream');
});

test.each([
  ['without a host', ''],
  ['with two hosts', 'Host: a\r\nHost: b\r\n'],
  ['without a host that asks for a WebSocket', 'Upgrade: websocket\r\n'],
  ['with two hosts that asks for a WebSocket', 'Host: a\r\nHost: b\r\nUpgrade: websocket\r\n'],
])('a request %s is refused (RFC 9112 §3.2)', async (_what, fields) => {
  const connection = fields.includes('Upgrade') ? 'Upgrade' : 'close';
  const [before, counted] = [seen.length, await malformed()];
  expect(await answerTo(`GET /a HTTP/1.1\r\n${fields}Connection: ${connection}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  expect(seen.slice(before)).toEqual([]);
  await until(async () => (await malformed()) > counted, 'it is counted');
});

test('every reason is in the log, and not a line for every request', async () => {
  for (let round = 0; round < 30; round++) await answerTo('G<T /a HTTP/1.1\r\nHost: h\r\n\r\n');
  const series = (await gateway.metrics()).matchAll(/^gateway_malformed_requests_total\{code="(\w+)"\} (\d+)$/gm);
  const counts = new Map([...series].map(([, code = '', count]) => [code, Number(count)]));
  const sent = ['HPE_INVALID_METHOD', 'HPE_HEADER_OVERFLOW', 'BAD_HOST'];
  expect([...counts.keys()]).toEqual(expect.arrayContaining(sent));
  for (const [code, count] of counts) {
    const lines = (): number => gateway.log().split(`"code":"${code}"`).length - 1;
    await until(() => lines() > 0, `${code} is in the log`);
    if (count >= 30) expect(lines()).toBeLessThan(count / 2);
  }
});

/** Answers each call of gRPC with that one message. */
function speaking(message: Buffer): (stream: ServerHttp2Stream) => void {
  return (stream) => {
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.end(Buffer.concat([Buffer.of(0, 0, 0, 0, message.length), message]));
  };
}

function shouting(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 });
  stream.end(Buffer.alloc(4_096, 0xff));
}

const garbage: readonly (readonly [string, (stream: ServerHttp2Stream) => void])[] = [
  ['what is no gRPC', shouting],
  ['bytes that are no message', speaking(Buffer.alloc(200, 0xff))],
  ['messages that say nothing', speaking(Buffer.alloc(0))],
  // A header in which nothing stands: no items either, at no revision of no cluster.
  ['messages of no cluster', speaking(Buffer.of(0x0a, 0x00))],
];

async function startGarbage(answer: (stream: ServerHttp2Stream) => void): Promise<Http2Server> {
  const server = createHttp2().on('stream', (stream) => {
    stream.on('error', () => undefined);
    answer(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Http2Server): number {
  return (server.address() as AddressInfo).port;
}

const waiting = 'gateway_sync_state{worker="1",state="waiting"} 1';

test.each(garbage)(
  'an etcd that answers with %s: never ready, no worker dies, and log and metrics say why',
  async (_what, answer) => {
    const server = await startGarbage(answer);
    await using lost = await startGateway({ etcd: new URL(`http://127.0.0.1:${portOf(server)}`) });
    await until(() => lost.log().includes('configuration sync is interrupted'), 'the reason is logged');
    await expect.poll(lost.metrics).toContain(waiting);
    expect(await lost.ready()).toBe(false);
    expect(lost.log()).not.toContain('a worker died');
    server.close();
  },
);

interface Switch extends AsyncDisposable {
  readonly url: URL;
  /** Ends the connections that there are, and leads new ones to that port. */
  leadTo(port: number): void;
}

/** Stands between a gateway and its etcd. */
async function startSwitch(first: number): Promise<Switch> {
  const open = new Set<Socket>();
  let port = first;
  const server = await startRawServer((near) => {
    const far = connect(port, '127.0.0.1');
    const over = (): void => [near, far].forEach((socket) => open.delete(socket.destroy()));
    for (const socket of [near, far]) open.add(socket.on('error', () => undefined).on('close', over));
    near.pipe(far).pipe(near);
  });
  return {
    url: new URL(`http://127.0.0.1:${server.port}`),
    leadTo(next) {
      port = next;
      for (const socket of open) socket.destroy();
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

test.each(garbage)(
  'an etcd that turns to %s: the routes serve on, log and metrics say why, and it goes on after',
  async (what, answer) => {
    const prefix = `/turned-${garbage.findIndex(([name]) => name === what)}`;
    const client = new Etcd3({ hosts: etcd.url.origin });
    const put = (name: string): Promise<unknown> =>
      client
        .put(`${prefix}/routes/${name}`)
        .value(JSON.stringify({ uri: `/${name}`, upstream: { nodes: [upstream.node] } }))
        .exec();
    await put('kept');
    const server = await startGarbage(answer);
    await using link = await startSwitch(Number(etcd.url.port));
    await using turned = await startGateway({ etcd: link.url, prefix });
    await until(() => turned.ready(), 'the gateway is ready');
    link.leadTo(portOf(server));
    await until(() => turned.log().includes('configuration sync is interrupted'), 'the reason is logged');
    await expect.poll(turned.metrics).toContain(waiting);
    for (let asked = 0; asked < 20; asked++) expect(await turned.get('/kept')).toBe('200 upstream');
    expect(await turned.ready()).toBe(true);
    link.leadTo(Number(etcd.url.port));
    await put('again');
    await expect.poll(() => turned.get('/again')).toBe('200 upstream');
    expect(await turned.get('/kept')).toBe('200 upstream');
    expect(turned.log()).not.toContain('a worker died');
    client.close();
    server.close();
  },
);

test('ten mebibytes of configuration are read in full', async () => {
  const client = new Etcd3({ hosts: etcd.url.origin });
  const padding = 'p'.repeat(100_000);
  for (let index = 0; index < 110; index++) {
    const value = { uri: `/big/${index}`, desc: padding, upstream: { nodes: [upstream.node] } };
    await client.put(`/big/routes/${index}`).value(JSON.stringify(value));
  }
  client.close();
  await using big = await startGateway({ etcd: etcd.url, prefix: '/big' });
  await until(() => big.ready(), 'the gateway is ready');
  expect((await big.workers())[0]?.routes).toBe(110);
  expect(await big.get('/big/109')).toBe('200 upstream');
});
