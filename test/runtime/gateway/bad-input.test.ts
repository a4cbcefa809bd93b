/** Malformed requests and an etcd that talks nonsense, against a real gateway: it stays up, and the good route serves on. */
import { once } from 'node:events';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type TestGateway, startGateway } from '../../support/gateway.ts';
import { type TestServer, startServer, until } from '../../support/http.ts';

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
  const before = seen.length;
  expect(await answerTo(`${bytes}${smuggled}`)).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
  expect(seen.slice(before)).toEqual([]);
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
  const before = seen.length;
  expect(await answerTo(`${bytes}${smuggled}`)).not.toMatch(/ 200 /);
  expect(seen.slice(before)).not.toContain('/smuggled');
  expect(await gateway.get('/good')).toBe('200 upstream');
});

test('a request without a host is refused (RFC 9112 §3.2)', async () => {
  expect(await answerTo('GET /a HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('an etcd that answers with garbage: never ready, no worker dies, and the log says why', async () => {
  const garbage = createHttp2((_request, response) => response.end(Buffer.alloc(4_096, 0xff)));
  garbage.listen(0, '127.0.0.1');
  await once(garbage, 'listening');
  const url = new URL(`http://127.0.0.1:${(garbage.address() as AddressInfo).port}`);
  await using lost = await startGateway({ etcd: url });
  await until(() => lost.log().includes('configuration sync is interrupted'), 'the reason is logged');
  expect(await lost.ready()).toBe(false);
  expect(lost.log()).not.toContain('a worker died');
  garbage.close();
});

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
