/** What the gateway answers when it cannot forward, and when it tries another node. */
import { expect, test } from 'vitest';
import { freePort } from '../../support/etcd.ts';
import { ask, exchangeRaw, nodeAt, startRawServer, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

const short = { timeout: { connect: 0.2, send: 0.2, read: 0.2 } };

test('no route: 404 in the words of APISIX, with the worker named', async () => {
  await using proxy = await startProxy([], { route: { uri: '/there' } });
  const { status, body, headers } = await ask(proxy.port);
  expect([status, body]).toEqual([404, '{"error_msg":"404 Route Not Found"}']);
  expect(headers['x-gateway-worker']).toMatch(/^\d+$/);
  expect(await proxy.served()).toEqual({ 404: 1 });
});

test('an upstream_id that is not there: 502', async () => {
  await using proxy = await startProxy([], { route: { upstream: undefined, upstream_id: 'gone' } });
  expect(await ask(proxy.port)).toMatchObject({ status: 502 });
});

test.each([
  ['no node', []],
  ['only nodes of weight 0', [nodeAt(9, 0)]],
])('%s: 503', async (_name, nodes) => {
  await using proxy = await startProxy(nodes);
  expect(await ask(proxy.port)).toMatchObject({ status: 503 });
});

test('a node that refuses connections: 502', async () => {
  await using proxy = await startProxy([nodeAt(await freePort())]);
  expect(await ask(proxy.port)).toMatchObject({ status: 502 });
});

test('a node that does not answer in time: 504', async () => {
  await using upstream = await startServer(() => undefined);
  await using proxy = await startProxy([upstream.node], { upstream: short });
  expect(await ask(proxy.port)).toMatchObject({ status: 504 });
});

test('a node that closes before answering: 502', async () => {
  await using upstream = await startRawServer((socket) => socket.once('data', () => socket.destroy()));
  await using proxy = await startProxy([upstream.node]);
  expect(await ask(proxy.port)).toMatchObject({ status: 502 });
});

test('an answer that breaks off is cut off for the client too, not ended', async () => {
  await using upstream = await startRawServer((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', () => socket.end())),
  );
  await using proxy = await startProxy([upstream.node]);
  await expect(ask(proxy.port)).rejects.toThrow(/aborted|hang up|reset/i);
});

test('a request without side effects goes to the next node when one cannot be reached', async () => {
  await using upstream = await startServer((_request, response) => response.end('here'));
  await using proxy = await startProxy([nodeAt(await freePort(), 9), upstream.node]);
  expect(await ask(proxy.port)).toMatchObject({ status: 200, body: 'here' });
  expect(await proxy.served()).toEqual({ 200: 1 });
});

test('a request with side effects is sent once', async () => {
  let asked = 0;
  await using upstream = await startRawServer((socket) =>
    socket.once('data', () => {
      asked++;
      socket.destroy();
    }),
  );
  await using proxy = await startProxy([upstream.node, { ...upstream.node }]);
  expect(await ask(proxy.port, { method: 'POST', body: 'x' })).toMatchObject({ status: 502 });
  expect(asked).toBe(1);
});

test('a connection lives on after a refused upload', async () => {
  await using proxy = await startProxy([nodeAt(await freePort())]);
  const upload = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`;
  const text = await exchangeRaw(proxy.port, `${upload}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(text.match(/HTTP\/1\.1 502/g)).toHaveLength(2);
  expect(await proxy.served()).toEqual({ 502: 2 });
});
