/** Bodies and the absence of bodies. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Ask, ask, exchangeRaw, startRawServer, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

test.each([
  ['a HEAD answer', 'HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', /content-length: 5/i],
  ['a 204', 'GET', 'HTTP/1.1 204 No Content\r\n\r\n', /^HTTP\/1\.1 204/],
  ['a 304', 'GET', 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n', /etag: "x"/i],
  ['an empty 200', 'GET', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', /content-length: 0/i],
])('%s has a head and no body', async (_name, method, reply, expected) => {
  await using upstream = await startRawServer((socket) => socket.on('data', () => socket.write(reply)));
  await using proxy = await startProxy([upstream.node]);
  const text = await exchangeRaw(proxy.port, `${method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(text).toMatch(expected);
  expect(text).not.toMatch(/transfer-encoding/i);
  expect(text.split('\r\n\r\n')[1]).toBe('');
});

test('an early 103 is not taken for the answer', async () => {
  const reply = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  await using upstream = await startRawServer((socket) => socket.on('data', () => socket.write(reply)));
  await using proxy = await startProxy([upstream.node]);
  expect(await ask(proxy.port)).toMatchObject({ status: 200, body: 'ok' });
});

const large = Buffer.alloc(3_000_000, 'abcdefg');
const digest = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

test.each<[string, Ask]>([
  ['no body', { method: 'POST', body: '' }],
  ['a short body of known length', { method: 'POST', body: 'hello', headers: { 'content-length': '5' } }],
  ['a short chunked body', { method: 'PUT', body: 'hello', headers: { 'transfer-encoding': 'chunked' } }],
  ['a long body of known length', { method: 'POST', body: large, headers: { 'content-length': `${large.length}` } }],
  ['a long chunked body', { method: 'POST', body: large, headers: { 'transfer-encoding': 'chunked' } }],
])('%s arrives whole', async (_name, question) => {
  await using upstream = await startServer((request, response) => {
    const hash = createHash('sha256');
    request.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(hash.digest('hex')));
  });
  await using proxy = await startProxy([upstream.node]);
  expect(await ask(proxy.port, question)).toMatchObject({ status: 200, body: digest(question.body ?? '') });
});

test.each([
  ['of known length', { 'content-length': `${large.length}` }],
  ['chunked', {}],
])('a long answer %s arrives whole', async (_name, headers) => {
  await using upstream = await startServer((_request, response) => response.writeHead(200, headers).end(large));
  await using proxy = await startProxy([upstream.node]);
  const { body } = await ask(proxy.port);
  expect(digest(Buffer.from(body, 'latin1'))).toBe(digest(large));
});

test('a head of 24 KiB passes, as it does through nginx', async () => {
  await using upstream = await startRawServer((socket) => {
    let head = '';
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      if (head.endsWith('\r\n\r\n')) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n${head.length}`);
    });
  });
  await using proxy = await startProxy([upstream.node]);
  const { status, body } = await ask(proxy.port, { headers: { 'x-large': 'x'.repeat(24_576) } });
  expect([status, Number(body) > 24_576]).toEqual([200, true]);
});

test('requests on one connection are answered in turn', async () => {
  await using upstream = await startServer((request, response) => response.end(request.url));
  await using proxy = await startProxy([upstream.node]);
  const three = ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n`);
  const text = await exchangeRaw(proxy.port, `${three.join('\r\n')}Connection: close\r\n\r\n`);
  expect(text.match(/^\/\d/gm)).toEqual(['/1', '/2', '/3']);
});

const everyByte = Buffer.from(Array.from({ length: 2_048 }, (_, index) => index % 256));

test.each([
  ['of known length', { 'content-length': `${everyByte.length}` }],
  ['chunked', {}],
])('a short binary answer %s arrives byte for byte', async (_name, headers) => {
  await using upstream = await startServer((_request, response) => response.writeHead(200, headers).end(everyByte));
  await using proxy = await startProxy([upstream.node]);
  const { body } = await ask(proxy.port);
  expect(Buffer.from(body, 'latin1').equals(everyByte)).toBe(true);
});
