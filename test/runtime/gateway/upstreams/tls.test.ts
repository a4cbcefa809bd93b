/** Upstreams behind TLS: which name is asked for, whom the gateway trusts, and what it shows of itself. */
import { once } from 'node:events';
import { type RequestListener, createServer as createHttp } from 'node:http';
import { type SecureServerOptions, createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { createAuthority } from '../../../support/certificate.ts';
import { type TestServer, ask, nodeAt, startRawServer, until } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

const authority = createAuthority();
const server = authority.issue('a.test', 'b.test');
const client = authority.issue('gateway.test');
afterAll(() => authority[Symbol.dispose]());

interface Seen {
  readonly sni: string | false;
  readonly host: string;
  readonly version: string;
  readonly client: string | undefined;
}

/** Answers with what it sees of the connection; it would speak HTTP/2 too. */
async function startSecure(
  options: SecureServerOptions = {},
  probed: () => void = () => undefined,
): Promise<TestServer & { readonly opened: () => number }> {
  const secure = createSecureServer({ ...server, allowHTTP1: true, ...options }, (request, response) => {
    if (request.url === '/health') probed();
    const socket = request.socket as TLSSocket;
    const seen: Seen = {
      sni: (socket as TLSSocket & { readonly servername: string | false }).servername,
      host: request.headers.host ?? '',
      version: request.httpVersion,
      client: options.requestCert === true ? String(socket.getPeerCertificate().subject.CN) : undefined,
    };
    response.end(JSON.stringify(seen));
  });
  const sockets = new Set<TLSSocket>();
  secure.on('secureConnection', (socket) => sockets.add(socket));
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const { port } = secure.address() as AddressInfo;
  return {
    port,
    opened: () => sockets.size,
    node: nodeAt(port),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => secure.close(resolve));
    },
  };
}

async function seen(port: number, host: string): Promise<Seen | number> {
  const { status, body } = await ask(port, { headers: { host } });
  return status === 200 ? (JSON.parse(body) as Seen) : status;
}

test.each<[string, object, string, string | false]>([
  ["the client's host", {}, 'a.test:8443', 'a.test'],
  ['the rewritten host', { pass_host: 'rewrite', upstream_host: 'b.test' }, 'x.test', 'b.test'],
  ['none for an address', { pass_host: 'node' }, 'x.test', false],
  ['none for an address of the client', {}, '127.0.0.1', false],
])('the name asked for is %s', async (_name, upstream, host, sni) => {
  await using secure = await startSecure();
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https', ...upstream } });
  expect(await seen(proxy.port, host)).toMatchObject({ sni });
});

test('the name asked for is that of the node', async () => {
  await using secure = await startSecure();
  await using proxy = await startProxy([{ ...secure.node, host: 'localhost' }], {
    upstream: { scheme: 'https', pass_host: 'node' },
  });
  expect(await seen(proxy.port, 'x.test')).toMatchObject({ sni: 'localhost' });
});

test('a host that a plugin sets is asked for too', async () => {
  await using secure = await startSecure();
  await using proxy = await startProxy([secure.node], {
    upstream: { scheme: 'https' },
    plugins: { 'proxy-rewrite': { host: 'b.test' } },
  });
  expect(await seen(proxy.port, 'a.test')).toMatchObject({ sni: 'b.test', host: 'b.test' });
});

test('requests for several names on connections that are kept alive never mix them up', async () => {
  await using secure = await startSecure();
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https' } });
  const hosts = Array.from({ length: 30 }, (_, index) => ['a.test', 'b.test', 'c.test'][index % 3] ?? '');
  const answers = await Promise.all(hosts.map((host) => seen(proxy.port, host)));
  expect(answers).toEqual(hosts.map((host) => expect.objectContaining({ sni: host, host })));
});

test('each name keeps its connection, whatever is asked for in between', async () => {
  await using secure = await startSecure();
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https' } });
  for (const host of ['a.test', 'b.test', 'a.test', 'b.test', 'a.test']) await seen(proxy.port, host);
  expect(secure.opened()).toBe(2);
});

/** Behind one address: plain HTTP or TLS, as the first byte says. */
async function startBoth(): Promise<TestServer> {
  const tell =
    (scheme: string): RequestListener =>
    (request, response) => {
      const socket = request.socket as TLSSocket & { readonly servername?: string | false };
      const shown = scheme === 'https' ? String(socket.getPeerCertificate().subject?.CN ?? 'nobody') : 'nobody';
      response.end(`${scheme} ${String(socket.servername)} ${shown}`);
    };
  const plain = createHttp(tell('http'));
  const options = { ...server, requestCert: true, rejectUnauthorized: false, ca: authority.ca };
  const secure = createHttps(options, tell('https'));
  return startRawServer((socket) => {
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      socket.unshift(first);
      (first[0] === 0x16 ? secure : plain).emit('connection', socket);
    });
  });
}

test('plain, two names and a client certificate at one address, all mixed: each gets a connection of its own kind', async () => {
  // apache/apisix#7466: http requests went into the pool of https.
  await using both = await startBoth();
  await using proxy = await startProxy([both.node]);
  const tls = { client_cert: client.cert, client_key: client.key };
  const named = (upstream_host: string, more: object = {}): object => ({
    nodes: [both.node],
    scheme: 'https',
    pass_host: 'rewrite',
    upstream_host,
    ...more,
  });
  await proxy.put('routes/a', { uri: '/a', upstream: named('a.test') });
  await proxy.put('routes/b', { uri: '/b', upstream: named('b.test') });
  await proxy.put('routes/own', { uri: '/own', upstream: named('a.test', { tls }) });
  await proxy.put('routes/checked', { uri: '/checked', upstream: named('a.test', { tls: { verify: true } }) });
  const expected: Readonly<Record<string, string>> = {
    '/': '200 http undefined nobody',
    '/a': '200 https a.test nobody',
    '/b': '200 https b.test nobody',
    '/own': '200 https a.test gateway.test',
  };
  const paths = Array.from({ length: 200 }, (_, index) => ['/', '/a', '/b', '/own', '/checked'][index % 5] ?? '');
  const answers = await Promise.all(
    paths.map(async (path) => {
      const { status, body } = await ask(proxy.port, { path });
      return status === 200 ? `200 ${body}` : String(status);
    }),
  );
  // The authority is unknown to this gateway: a connection of those who do not look must not be lent to those who do.
  expect(answers).toEqual(paths.map((path) => expected[path] ?? '502'));
});

test('the upstream is spoken to in HTTP/1.1, as APISIX does', async () => {
  await using secure = await startSecure();
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https' } });
  expect(await seen(proxy.port, 'a.test')).toMatchObject({ version: '1.1' });
});

test.each([
  ['off: any certificate will do', false, false, 'x.test', 200],
  ['on: an unknown authority', true, false, 'a.test', 502],
  ['on: a known authority and the right name', true, true, 'a.test', 200],
  ['on: a known authority and another name', true, true, 'x.test', 502],
])('verify %s', async (_name, verify, known, host, status) => {
  await using secure = await startSecure();
  const settings = known ? { NODE_EXTRA_CA_CERTS: authority.caFile } : {};
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https', tls: { verify } }, settings });
  expect((await ask(proxy.port, { headers: { host } })).status).toBe(status);
});

test('the client certificate is shown, and only by the upstream that has one', async () => {
  await using secure = await startSecure({ requestCert: true, ca: authority.ca });
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https' } });
  const tls = { client_cert: client.cert, client_key: client.key };
  await proxy.put('routes/with', { uri: '/with', upstream: { nodes: [secure.node], scheme: 'https', tls } });
  expect(await ask(proxy.port)).toMatchObject({ status: 502 });
  expect(JSON.parse((await ask(proxy.port, { path: '/with' })).body)).toMatchObject({ client: 'gateway.test' });
  expect(await ask(proxy.port)).toMatchObject({ status: 502 });
});

test('a client certificate that does not fit its key is refused where it is read', async () => {
  const tls = { client_cert: client.cert, client_key: server.key };
  await expect(startProxy([nodeAt(1)], { upstream: { scheme: 'https', tls } })).rejects.toThrow('/tls');
});

test('a server that does not finish the handshake: 504 after the connect time', async () => {
  await using silent = await startRawServer(() => undefined);
  const timeout = { connect: 0.3, send: 20, read: 20 };
  await using proxy = await startProxy([silent.node], { upstream: { scheme: 'https', timeout } });
  expect(await ask(proxy.port)).toMatchObject({ status: 504 });
});

test('an active check over https', async () => {
  let probes = 0;
  await using secure = await startSecure({}, () => probes++);
  const active = { type: 'https', http_path: '/health', https_verify_certificate: false };
  await using proxy = await startProxy([secure.node], { upstream: { scheme: 'https', checks: { active } } });
  await ask(proxy.port);
  await until(() => probes >= 2, 'two probes');
  expect(proxy.healthChanges()).toEqual([]);
});
