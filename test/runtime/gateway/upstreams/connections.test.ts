/** Connections to upstreams: how long they are kept, and for how many requests. */
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { bodies } from '../../../support/named-servers.ts';
import { type TestServer, ask, startRawServer, until } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

interface Counted extends TestServer {
  opened: number;
  closed: number;
  /** Requests on each connection, in the order in which they were opened. */
  readonly taken: number[];
  /** How long each that is closed had rested. Milliseconds. */
  readonly rested: number[];
}

/** Answers every request, the first ones only when there are as many as that `together`, and counts connections. */
async function startCounted(together = 1): Promise<Counted> {
  const counted = { opened: 0, closed: 0, taken: [] as number[], rested: [] as number[] };
  const waiting: (() => void)[] = [];
  let answered = 0;
  const answer = (socket: Socket): void => {
    waiting.push(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    if (answered + waiting.length < together) return;
    answered += waiting.length;
    for (const write of waiting.splice(0)) write();
  };
  const server = await startRawServer((socket) => {
    const index = counted.opened++;
    let answeredAt = performance.now();
    counted.taken.push(0);
    socket.on('close', () => {
      counted.closed++;
      counted.rested.push(performance.now() - answeredAt);
    });
    socket.on('data', () => {
      counted.taken[index] = (counted.taken[index] ?? 0) + 1;
      answer(socket);
      answeredAt = performance.now();
    });
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
  await until(() => counted.closed === 1, 'closed');
  // A timer may be early by the part of a millisecond that it does not know.
  expect(counted.rested[0]).toBeGreaterThan(99);
});

test('of idle connections only as many are kept as the pool may have, and those are used again', async () => {
  await using counted = await startCounted(6);
  await using proxy = await startProxy([counted.node], { upstream: { keepalive_pool: { size: 2 } } });
  await Promise.all(Array.from({ length: 6 }, () => ask(proxy.port)));
  expect(counted.opened).toBe(6);
  await until(() => counted.closed === 4, 'those beyond the size are closed');
  await Promise.all([ask(proxy.port), ask(proxy.port)]);
  expect([counted.opened, counted.closed]).toEqual([6, 4]);
});

test('the connection that rested last is used next', async () => {
  await using counted = await startCounted(4);
  await using proxy = await startProxy([counted.node]);
  await Promise.all(Array.from({ length: 4 }, () => ask(proxy.port)));
  await bodies(proxy.port, 12);
  // One at a time they need one connection: the other three are left alone.
  expect(counted.taken.toSorted((a, b) => a - b)).toEqual([1, 1, 1, 13]);
});

test('connections that are left alone are closed when their time is over, while another is used', async () => {
  await using counted = await startCounted(4);
  await using proxy = await startProxy([counted.node], { upstream: { keepalive_pool: { idle_timeout: 1 } } });
  await Promise.all(Array.from({ length: 4 }, () => ask(proxy.port)));
  await until(async () => {
    await ask(proxy.port);
    return counted.closed >= 3;
  }, 'three are closed');
  // Who is held up for so long finds a new one, in place of that which then has rested too long as well.
  expect(counted.opened - counted.closed).toBe(1);
  expect(Math.min(...counted.rested)).toBeGreaterThan(999);
});

test('a request that cannot be sent takes no connection', async () => {
  await using counted = await startCounted();
  await using proxy = await startProxy([counted.node]);
  const plugins = { 'proxy-rewrite': { uri: '/$arg_to', use_real_request_uri_unsafe: true } };
  await proxy.put('routes/to', { uri: '/to', upstream: { nodes: [counted.node] }, plugins });
  expect(await bodies(proxy.port, 1, '/to?to=there')).toEqual(['ok']);
  expect(await bodies(proxy.port, 3, '/to?to=%20')).toEqual(['502', '502', '502']);
  expect(await bodies(proxy.port, 1, '/to?to=there')).toEqual(['ok']);
  expect(counted.opened).toBe(1);
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
