/** Upstreams through HTTP: health, retries, names, TLS, time limits. */
import { once } from 'node:events';
import { type IncomingMessage, createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { createAuthority } from '../../../support/certificate.ts';
import { startDns } from '../../../support/dns-server.ts';
import { freePort } from '../../../support/etcd.ts';
import { ask, nodeAt, startProxy, startRawServer, startServer, until } from '../../../support/proxy.ts';

const quick = {
  type: 'http',
  http_path: '/health',
  timeout: 0.3,
  healthy: { interval: 1, successes: 1 },
  unhealthy: { interval: 1, http_failures: 1, tcp_failures: 1, timeouts: 1 },
};

test('a node that fails its checks gets no traffic, and comes back when it is well', async () => {
  let well = false;
  await using sick = await startServer((request, response) => {
    response.writeHead(request.url === '/health' && !well ? 500 : 200).end('sick');
  });
  await using good = await startServer((_request, response) => response.end('good'));
  await using proxy = await startProxy([sick.node, good.node], { upstream: { checks: { active: quick } } });
  const bodies = async (): Promise<ReadonlySet<string>> =>
    new Set(await Promise.all(Array.from({ length: 10 }, async () => (await ask(proxy.port)).body)));
  await until(async () => !(await bodies()).has('sick'), 'the sick node is out of use');
  well = true;
  await until(async () => (await bodies()).has('sick'), 'it is back');
});

test('requests themselves take a node out of use', async () => {
  await using bad = await startServer((request, response) =>
    response.writeHead(request.url === '/health' ? 200 : 503).end(),
  );
  await using good = await startServer((_request, response) => response.end());
  const passive = { unhealthy: { http_failures: 2, http_statuses: [503] } };
  const active = { ...quick, healthy: { interval: 100 }, unhealthy: { interval: 100 } };
  await using proxy = await startProxy([bad.node, good.node], { upstream: { checks: { active, passive } } });
  for (let count = 0; count < 12; count++) await ask(proxy.port);
  expect(proxy.served.filter((status) => status === 503)).toHaveLength(2);
  expect(proxy.served.slice(-4)).toEqual([200, 200, 200, 200]);
});

test('all nodes out of use: all of them are tried rather than none', async () => {
  await using one = await startServer((request, response) =>
    response.writeHead(request.url === '/health' ? 500 : 200).end(),
  );
  await using two = await startServer((request, response) =>
    response.writeHead(request.url === '/health' ? 500 : 200).end(),
  );
  await using proxy = await startProxy([one.node, two.node], { upstream: { checks: { active: quick } } });
  for (let count = 0; count < 6; count++) await ask(proxy.port);
  await until(async () => (await ask(proxy.port)).status === 200, 'an answer');
  expect(new Set(proxy.served)).toEqual(new Set([200]));
});

test('an upstream that is deleted is asked for its health no more', async () => {
  let asked = 0;
  await using server = await startServer((request, response) => {
    if (request.url === '/health') asked++;
    response.end();
  });
  await using proxy = await startProxy([], { route: { uri: '/none' } });
  proxy.put('routes/h', {
    uri: '/h',
    upstream: { nodes: [server.node, nodeAt(await freePort())], checks: { active: quick } },
  });
  await ask(proxy.port, { path: '/h' });
  await until(() => asked > 0, 'the first check');
  proxy.put('routes/h', undefined);
  const before = asked;
  // Longer than two of its intervals.
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  expect(asked).toBeLessThanOrEqual(before + 1);
});

test.each<[string, object, number, number]>([
  ['none', { retries: 0 }, 502, 1],
  ['one', { retries: 1 }, 502, 2],
  ['as many as there are nodes', {}, 200, 3],
])('retries: %s', async (_what, upstream, status, attempts) => {
  let tried = 0;
  const broken = () => startRawServer((socket) => socket.once('data', () => (tried++, socket.destroy())));
  await using one = await broken();
  await using two = await broken();
  await using good = await startServer((_request, response) => (tried++, response.end()));
  const nodes = [
    { ...one.node, weight: 9 },
    { ...two.node, weight: 8 },
    { ...good.node, weight: 1 },
  ];
  await using proxy = await startProxy(nodes, { upstream });
  expect((await ask(proxy.port)).status).toBe(status);
  expect(tried).toBe(attempts);
});

test('a POST is not sent twice, unless the upstream is said to bear it', async () => {
  let tried = 0;
  await using broken = await startRawServer((socket) => socket.once('data', () => (tried++, socket.destroy())));
  await using good = await startServer((_request, response) => response.end());
  const nodes = [{ ...broken.node, weight: 9 }, good.node];
  await using careful = await startProxy(nodes);
  expect((await ask(careful.port, { method: 'POST', body: 'x' })).status).toBe(502);
  await using bold = await startProxy(nodes, { upstream: { retry_non_idempotent: true } });
  expect((await ask(bold.port, { method: 'POST', body: 'x' })).status).toBe(200);
  expect(tried).toBe(2);
});

test('the times to connect, to read and of the route: 504 each, and the route counts before its upstream', async () => {
  await using silent = await startServer(() => undefined);
  await using proxy = await startProxy([silent.node], {
    upstream: { timeout: { connect: 5, send: 5, read: 30 } },
    route: { timeout: { connect: 5, send: 5, read: 0.2 } },
  });
  const started = performance.now();
  expect((await ask(proxy.port)).status).toBe(504);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('an upstream that stops taking the body: 504 after the time to send; a slow client is let be', async () => {
  await using stuck = await startRawServer((socket) => socket.pause());
  await using proxy = await startProxy([stuck.node], { upstream: { timeout: { connect: 5, send: 0.4, read: 30 } } });
  const answer = await ask(proxy.port, {
    method: 'PUT',
    headers: { 'transfer-encoding': 'chunked' },
    body: Buffer.alloc(20_000_000),
  }).catch((error: NodeJS.ErrnoException) => error.code);
  // The rest of the upload is still on its way when the answer comes: the client may see either.
  expect([504, 'EPIPE', 'ECONNRESET']).toContain(typeof answer === 'object' ? answer.status : answer);
  expect(proxy.served).toEqual([504]);
  await using taking = await startServer((request, response) =>
    request.resume().once('end', () => response.end('all')),
  );
  await using patient = await startProxy([taking.node], { upstream: { timeout: { connect: 5, send: 0.2, read: 30 } } });
  const socket = connect(patient.port, '127.0.0.1');
  socket.write('PUT / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (const piece of ['1\r\na\r\n', '1\r\nb\r\n', '0\r\n\r\n']) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    socket.write(piece);
  }
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 200 .*all/s);
});

test('names are resolved for as long as DNS says, all addresses in turn, and the last good answer outlives DNS', async () => {
  await using dns = await startDns();
  const port = await freePort();
  const seen: string[] = [];
  const servers = ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map((host) =>
    createPlain((_request, response) => {
      seen.push(host);
      response.setHeader('connection', 'close').end(host);
    }).listen(port, host),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
  dns.answer(['127.0.0.2', '127.0.0.3'], 1);
  const nodes = [{ host: 'service.test', port, weight: 1 }];
  await using proxy = await startProxy(nodes, { dns: dns.address });
  for (let count = 0; count < 6; count++) expect((await ask(proxy.port)).status).toBe(200);
  expect(new Set(seen)).toEqual(new Set(['127.0.0.2', '127.0.0.3']));
  expect(dns.questions).toBeLessThan(4);
  dns.answer(['127.0.0.4'], 1);
  await until(async () => (await ask(proxy.port)).body === '127.0.0.4', 'the new address');
  dns.answer(undefined, 1);
  const questions = dns.questions;
  await until(async () => (await ask(proxy.port)).status === 200 && dns.questions > questions, 'DNS is asked in vain');
  expect(new Set(proxy.served)).toEqual(new Set([200]));
  for (const server of servers) server.close();
});

test('https upstreams: the name that is asked for, the certificate that is checked, and our own', async () => {
  using authority = createAuthority();
  const [own, client] = [authority.issue('inner.test'), authority.issue('gateway')];
  const seen: { readonly name: string | false | null; readonly peer: string }[] = [];
  const server = createSecure(
    { ...own, requestCert: true, rejectUnauthorized: false, ca: authority.ca },
    (request: IncomingMessage, response) => {
      const socket = request.socket as TLSSocket & { readonly servername: string | false | null };
      seen.push({ name: socket.servername, peer: String(socket.getPeerCertificate().subject?.CN ?? 'nobody') });
      response.end();
    },
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const node = nodeAt((server.address() as AddressInfo).port);
  const host = { pass_host: 'rewrite', upstream_host: 'inner.test', scheme: 'https' };
  await using trusting = await startProxy([node], { upstream: host });
  expect((await ask(trusting.port)).status).toBe(200);
  const tls = { client_cert: client.cert, client_key: client.key };
  await using known = await startProxy([node], { upstream: { ...host, tls } });
  expect((await ask(known.port)).status).toBe(200);
  expect(seen).toEqual([
    { name: 'inner.test', peer: 'nobody' },
    { name: 'inner.test', peer: 'gateway' },
  ]);
  // Nobody has told the gateway of this authority.
  await using strict = await startProxy([node], { upstream: { ...host, tls: { verify: true } } });
  expect((await ask(strict.port)).status).toBe(502);
  server.closeAllConnections();
  server.close();
});

test('rooms: when the own room goes, another serves without a failed request', async () => {
  await using near = await startServer((_request, response) => response.end('near'));
  await using far = await startServer((_request, response) => response.end('far'));
  const nodes = [
    { ...near.node, metadata: { room: 'a' } },
    { ...far.node, metadata: { room: 'b' } },
  ];
  await using proxy = await startProxy(nodes, { room: 'a' });
  for (let count = 0; count < 5; count++) expect((await ask(proxy.port)).body).toBe('near');
  await near[Symbol.asyncDispose]();
  for (let count = 0; count < 5; count++) expect((await ask(proxy.port)).body).toBe('far');
  expect(new Set(proxy.served)).toEqual(new Set([200]));
});
