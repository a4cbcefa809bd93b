/** Connections to upstreams: how long they are kept, and for how many requests. */
import { expect, test } from 'vitest';
import { bodies } from '../../../support/named-servers.ts';
import { type TestServer, ask, startRawServer, until } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

interface Counted extends TestServer {
  opened: number;
  closed: number;
}

/** Answers every request, and counts connections. */
async function startCounted(): Promise<Counted> {
  const counted = { opened: 0, closed: 0 };
  const server = await startRawServer((socket) => {
    counted.opened++;
    socket.on('close', () => counted.closed++);
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    socket.on('end', () => socket.end());
  });
  return Object.assign(counted, server);
}

test.each([
  ['by default one serves all', {}, 6, 1],
  ['for two requests', { requests: 2 }, 6, 3],
  ['for none, when idle connections are not kept', { idle_timeout: 0 }, 3, 3],
])('a connection is used %s', async (_name, keepalive_pool, requests, connections) => {
  await using counted = await startCounted();
  await using proxy = await startProxy([counted.node], { upstream: { keepalive_pool } });
  expect(await bodies(proxy.port, requests)).toEqual(Array(requests).fill('ok'));
  expect(counted.opened).toBe(connections);
});

test('an idle connection is closed after its time', async () => {
  await using counted = await startCounted();
  await using proxy = await startProxy([counted.node], { upstream: { keepalive_pool: { idle_timeout: 0.1 } } });
  await ask(proxy.port);
  expect(counted.closed).toBe(0);
  await until(() => counted.closed === 1, 'closed');
});

test('a connection that the upstream closed meanwhile fails no request', async () => {
  let opened = 0;
  await using server = await startRawServer((socket) => {
    opened++;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', () => socket.end()));
  });
  await using proxy = await startProxy([server.node]);
  expect(await bodies(proxy.port, 20)).toEqual(Array(20).fill('ok'));
  expect(opened).toBeGreaterThan(1);
});

test('http and https upstreams at one address do not share connections', async () => {
  await using counted = await startCounted();
  await using proxy = await startProxy([counted.node]);
  const upstream = { nodes: [counted.node], scheme: 'https', timeout: { connect: 1, send: 1, read: 1 } };
  await proxy.put('routes/s', { uri: '/s', upstream });
  expect(await bodies(proxy.port, 1)).toEqual(['ok']);
  expect(await bodies(proxy.port, 1, '/s')).toEqual(['502']);
  expect(await bodies(proxy.port, 1)).toEqual(['ok']);
});
