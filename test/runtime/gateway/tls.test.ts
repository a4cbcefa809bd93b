/** HTTPS with the certificates that etcd holds: a real gateway, a real etcd, real handshakes. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type TLSSocket, connect } from 'node:tls';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAuthority, type TestCertificate, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, freePort, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { startServer, until } from '../../support/http.ts';

let etcd: TestEtcd;
let gateway: TestGateway;
let echo: EchoUpstream;
let authority: TestAuthority;
let client: Etcd3;
let port: number;

beforeAll(async () => {
  authority = createAuthority();
  etcd = await startEtcd();
  echo = await startEcho();
  port = await freePort();
  client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/apisix/routes/a').value(routeTo(echo, '/a', 1));
  gateway = await startGateway({ etcd: etcd.url, workers: 2, env: { GATEWAY_TLS_LISTEN: `127.0.0.1:${port}` } });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  client.close();
  await gateway[Symbol.asyncDispose]();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  authority[Symbol.dispose]();
});

async function putCertificate(id: string, { cert, key }: TestCertificate, ...snis: readonly string[]): Promise<void> {
  await client.put(`/apisix/ssls/${id}`).value(JSON.stringify({ cert, key, snis }));
}

async function handshake(servername: string): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername, ca: authority.ca, rejectUnauthorized: true });
  await once(socket, 'secureConnect');
  return socket;
}

/** Common name of the certificate that is shown for a name, or why there is none. */
async function shown(servername: string): Promise<string> {
  try {
    const socket = await handshake(servername);
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return String(subject.CN);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error';
  }
}

/** What all workers show: each of many connections is some worker's. */
async function shownByAll(servername: string): Promise<ReadonlySet<string>> {
  return new Set(await Promise.all(Array.from({ length: 20 }, () => shown(servername))));
}

test('exact before wildcard, the name in any case, and none for a name that nobody serves', async () => {
  await putCertificate('wild', authority.issue('*.example.com'), '*.example.com');
  await putCertificate('exact', authority.issue('shop.example.com'), 'Shop.example.com');
  await expect.poll(() => shownByAll('shop.example.com')).toEqual(new Set(['shop.example.com']));
  await expect.poll(() => shownByAll('other.example.com')).toEqual(new Set(['*.example.com']));
  expect(await shown('SHOP.example.com')).toBe('shop.example.com');
  expect(await shown('example.org')).not.toMatch(/example\.com/);
});

test('a wildcard stands for one label, and * for any name', async () => {
  await putCertificate('label', authority.issue('*.label.org'), '*.label.org');
  await expect.poll(() => shownByAll('one.label.org')).toEqual(new Set(['*.label.org']));
  // Not the wildcard either, which the client would refuse.
  for (const name of ['two.one.label.org', 'label.org'])
    expect(await shown(name)).not.toMatch(/label|ERR_TLS_CERT_ALTNAME_INVALID/);
  await putCertificate('any', authority.issue('any.thing.else'), '*');
  await expect.poll(() => shownByAll('any.thing.else')).toEqual(new Set(['any.thing.else']));
  expect(await shown('one.label.org')).toBe('*.label.org');
  await client.delete().key('/apisix/ssls/any');
  await expect.poll(async () => (await shownByAll('any.thing.else')).has('any.thing.else')).toBe(false);
});

test('a certificate is replaced without a restart, and connections that stand stay', async () => {
  await putCertificate('turn', authority.issue('turn.org', 'first.turn.org'), 'turn.org');
  await expect.poll(() => shownByAll('turn.org')).toEqual(new Set(['turn.org']));
  const before = await handshake('turn.org');
  const old = before.getPeerCertificate().serialNumber;
  await putCertificate('turn', authority.issue('turn.org', 'second.turn.org'), 'turn.org');
  await expect
    .poll(async () => {
      const socket = await handshake('turn.org');
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    })
    .not.toBe(old);
  before.write('GET /a HTTP/1.1\r\nHost: turn.org\r\nConnection: close\r\n\r\n');
  let text = '';
  for await (const chunk of before) text += String(chunk);
  expect(text).toContain('/seq/1');
});

test('a certificate that is replaced again and again is the newest on every worker', async () => {
  // apache/apisix#4067: the old one went on being shown.
  const serials = async (): Promise<ReadonlySet<string>> => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => handshake('again.org')));
    const seen = new Set(sockets.map((socket) => socket.getPeerCertificate().serialNumber));
    for (const socket of sockets) socket.destroy();
    return seen;
  };
  for (let round = 0; round < 5; round++) {
    const pair = authority.issue('again.org', `round-${round}.again.org`);
    await putCertificate('again', pair, 'again.org');
    const newest = new X509Certificate(pair.cert).serialNumber;
    await expect.poll(() => serials().catch(() => new Set())).toEqual(new Set([newest]));
  }
});

test('a key of another certificate is refused, and the last good pair stays', async () => {
  const good = authority.issue('pair.org');
  await putCertificate('pair', good, 'pair.org');
  await expect.poll(() => shownByAll('pair.org')).toEqual(new Set(['pair.org']));
  await putCertificate('pair', { ...good, key: authority.issue('x.org').key }, 'pair.org');
  await until(async () => Object.keys((await gateway.workers())[0]?.rejected ?? {}).length > 0, 'the pair is refused');
  expect(await shownByAll('pair.org')).toEqual(new Set(['pair.org']));
  expect(gateway.log()).not.toContain('PRIVATE KEY');
});

test('status 0 takes a certificate out of use', async () => {
  const { cert, key } = authority.issue('off.org');
  await client.put('/apisix/ssls/off').value(JSON.stringify({ cert, key, sni: 'off.org' }));
  await expect.poll(() => shownByAll('off.org')).toEqual(new Set(['off.org']));
  await client.put('/apisix/ssls/off').value(JSON.stringify({ cert, key, sni: 'off.org', status: 0 }));
  await expect.poll(async () => (await shownByAll('off.org')).has('off.org')).toBe(false);
});

test('the upstream is told that a client came by HTTPS, and to which port', async () => {
  await using upstream = await startServer((request, response) => response.end(JSON.stringify(request.headers)));
  await putCertificate('told', authority.issue('told.org'), 'told.org');
  await expect.poll(() => shownByAll('told.org')).toEqual(new Set(['told.org']));
  const value = { uri: '/told', upstream: { nodes: [upstream.node] } };
  await client.put('/apisix/routes/told').value(JSON.stringify(value));
  const answer = async (): Promise<string> => {
    const socket = await handshake('told.org');
    socket.write('GET /told HTTP/1.1\r\nHost: told.org\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text;
  };
  let text = '';
  await until(async () => (text = await answer()).startsWith('HTTP/1.1 200'), 'the route is served');
  expect(JSON.parse(/^\{.*\}$/m.exec(text)?.[0] ?? '{}')).toMatchObject({
    'x-real-ip': '127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'told.org',
    'x-forwarded-port': String(port),
  });
});
