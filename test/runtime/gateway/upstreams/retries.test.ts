/** Which failed requests go to another node, and how often; and the time limits of an attempt. */
import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePort } from '../../../support/etcd.ts';
import { startFullListener } from '../../../support/full-listener.ts';
import { bodies, countOf, startNamed } from '../../../support/named-servers.ts';
import { type TestServer, ask, nodeAt, startRawServer, startServer } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

/** Cuts the connection once it has a request; `seen` counts them. */
async function startCutting(): Promise<TestServer & { seen: number }> {
  const cutting = { seen: 0 };
  const server = await startRawServer((socket) => {
    socket.once('data', () => {
      cutting.seen++;
      socket.destroy();
    });
  });
  return Object.assign(cutting, server);
}

test.each([
  [{}, ['good', 'good', 'good']],
  [{ retries: 0 }, ['502', '502', 'good']],
  [{ retries: 1 }, ['502', 'good', 'good']],
  [{ retries: 2 }, ['good', 'good', 'good']],
])('two of three nodes dead, %o: the first requests', async (upstream, expected) => {
  await using good = await startNamed('good');
  const dead = [nodeAt(await freePort()), nodeAt(await freePort())];
  await using proxy = await startProxy([...dead, good.node], { upstream });
  expect((await bodies(proxy.port, 3)).toSorted()).toEqual(expected);
});

test.each([
  ['GET', {}, {}, 200],
  ['PUT', {}, {}, 200],
  ['POST', {}, {}, 502],
  ['PATCH', {}, {}, 502],
  ['POST', { retry_non_idempotent: true }, {}, 200],
  ['GET', {}, { 'proxy-rewrite': { method: 'POST' } }, 502],
  ['POST', {}, { 'proxy-rewrite': { method: 'PUT' } }, 200],
])('%s with %o and %o after the connection was cut', async (method, upstream, plugins, status) => {
  await using cutting = await startCutting();
  await using good = await startNamed('good');
  const nodes = [cutting.node, good.node];
  await using proxy = await startProxy(nodes, { upstream, ...(Object.keys(plugins).length === 0 ? {} : { plugins }) });
  expect(await ask(proxy.port, { method, body: method === 'GET' ? '' : 'x' })).toMatchObject({ status });
  expect(cutting.seen).toBe(1);
  expect(good.seen).toHaveLength(status === 200 ? 1 : 0);
});

test('after the retry time no other node is tried', async () => {
  await using slow = await startRawServer((socket) => {
    setTimeout(() => socket.destroy(), 300);
  });
  await using good = await startNamed('good');
  await using proxy = await startProxy([slow.node, good.node], { upstream: { retry_timeout: 0.1 } });
  expect(countOf(await bodies(proxy.port, 2), '502')).toBe(1);
});

/** Sends the chunks with a pause before each; the status. */
async function upload(port: number, chunks: readonly Buffer[], pauseMs: number): Promise<number> {
  const request = httpRequest({ host: '127.0.0.1', port, method: 'POST', agent: false });
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  for (const chunk of chunks) {
    await wait(pauseMs);
    request.write(chunk);
  }
  request.end();
  const [response] = await answered;
  response.resume();
  request.destroy();
  return response.statusCode ?? 0;
}

const bytesPerMs = 2_800;
const large = [Buffer.alloc(16 * 1_024 * 1_024)];
const few = [Buffer.from('x'), Buffer.from('x')];

test('a node that nobody can connect to: 504 after the connect time, or another node', async () => {
  await using full = await startFullListener();
  await using good = await startNamed('good');
  const timeout = { connect: 0.5, send: 60, read: 60 };
  await using proxy = await startProxy([full.node], { upstream: { timeout } });
  const started = performance.now();
  expect((await ask(proxy.port)).status).toBe(504);
  expect(performance.now() - started).toBeLessThan(30_000);
  await proxy.put('routes/r', { uri: '/*', upstream: { timeout, nodes: [full.node, good.node] } });
  expect(await bodies(proxy.port, 2)).toEqual(['good', 'good']);
});

test.each([
  ['shorter', 0.3, 60, 504],
  ['longer', 60, 0.3, 200],
])('the time limits of a route that are %s than those of its upstream count', async (_which, own, others, status) => {
  await using slow = await startNamed('slow');
  slow.delayMs = 2_000;
  const timeoutOf = (read: number): object => ({ connect: 60, send: 60, read });
  await using proxy = await startProxy([slow.node], {
    upstream: { timeout: timeoutOf(others) },
    route: { timeout: timeoutOf(own) },
  });
  expect((await ask(proxy.port)).status).toBe(status);
});

test('an upstream that does not take the body: 504 after the send time', async () => {
  await using deaf = await startRawServer((socket) => socket.pause());
  const timeout = { connect: 5, send: 0.3, read: 60 };
  await using proxy = await startProxy([deaf.node], { upstream: { timeout } });
  const started = performance.now();
  expect(await upload(proxy.port, large, 0)).toBe(504);
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('an upstream that takes the body and does not answer: 504 after the read time', async () => {
  await using mute = await startRawServer((socket) => socket.resume());
  const timeout = { connect: 5, send: 60, read: 0.3 };
  await using proxy = await startProxy([mute.node], { upstream: { timeout } });
  const started = performance.now();
  expect(await upload(proxy.port, large, 0)).toBe(504);
  expect(performance.now() - started).toBeLessThan(30_000);
});

test('a client that sends slowly uses up neither the send nor the read time', async () => {
  await using server = await startServer((request, response) => {
    request.resume().once('end', () => response.end('ok'));
  });
  // The server here is a busy process, and has as long for its answer.
  const timeout = { connect: 5, send: 1.5, read: 1.5 };
  await using proxy = await startProxy([server.node], { upstream: { timeout } });
  expect(await upload(proxy.port, few, 2_000)).toBe(200);
});

test('an upstream that takes the body slowly but steadily is not cut off, however long that lasts', async () => {
  await using server = await startServer((request, response) => {
    let [since, taken] = [0, 0];
    request.on('data', (chunk: Buffer) => {
      since ||= performance.now();
      taken += chunk.length;
      // By the clock and not by the chunk: after it was held up the server is late by nothing.
      const early = taken / bytesPerMs - (performance.now() - since);
      if (early <= 0) return;
      request.pause();
      setTimeout(() => request.resume(), early);
    });
    request.once('end', () => response.end('ok'));
  });
  // The kernel opens its window again in steps of megabytes, most of a second apart here.
  const timeout = { connect: 5, send: 2, read: 5 };
  await using proxy = await startProxy([server.node], { upstream: { timeout } });
  const started = performance.now();
  expect(await upload(proxy.port, [Buffer.alloc(8 * 1_024 * 1_024)], 0)).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(2_500);
});
