/** WebSocket through a real gateway: after the handshake the gateway only carries bytes. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type TestGateway, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { alive } from '../../support/processes.ts';

let etcd: TestEtcd;
let gateway: TestGateway;
const seen: IncomingMessage[] = [];
const sockets = new Set<Socket>();

/** Agrees to WebSocket and sends back every byte; anything else gets its upgrade header told. */
const upstream = createServer((request, response) => {
  if (request.url !== '/brief/late') response.end(`plain ${request.headers.upgrade ?? 'none'}`);
});
upstream.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
  seen.push(request);
  sockets.add(socket);
  const accept = hash('sha1', `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`, 'base64');
  const headers = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...headers, `Sec-WebSocket-Accept: ${accept}`].join('\r\n')}\r\n\r\n`);
  if (head.length > 0) socket.write(head);
  socket.on('error', () => undefined).pipe(socket);
});

beforeAll(async () => {
  etcd = await startEtcd();
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const nodes = { [`127.0.0.1:${(upstream.address() as AddressInfo).port}`]: 1 };
  const client = new Etcd3({ hosts: etcd.url.origin });
  await client
    .put('/apisix/routes/on')
    .value(JSON.stringify({ uri: '/on/*', enable_websocket: true, upstream: { nodes } }));
  const brief = { connect: 1, send: 0.5, read: 0.5 };
  await client
    .put('/apisix/routes/brief')
    .value(JSON.stringify({ uri: '/brief/*', enable_websocket: true, upstream: { nodes }, timeout: brief }));
  await client.put('/apisix/routes/off').value(JSON.stringify({ uri: '/off', upstream: { nodes } }));
  await client
    .put('/apisix/routes/down')
    .value(JSON.stringify({ uri: '/down', enable_websocket: true, upstream: { nodes: { '127.0.0.1:1': 1 } } }));
  client.close();
  // An open WebSocket has this long when its worker is replaced.
  gateway = await startGateway({ etcd: etcd.url, env: { GATEWAY_DRAIN_MS: '5000' } });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream.closeAllConnections();
  for (const socket of sockets) socket.destroy();
  upstream.close();
  await etcd[Symbol.asyncDispose]();
});

const key = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The client's end, with everything that has come so far. */
function open(path: string, behind = ''): { readonly socket: Socket; readonly text: () => string } {
  const socket = connect(Number(gateway.traffic.port), '127.0.0.1');
  const head = [`GET ${path} HTTP/1.1`, 'Host: ws.example.com', 'Connection: Upgrade', 'Upgrade: websocket'];
  socket.write(`${[...head, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13'].join('\r\n')}\r\n\r\n${behind}`);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1'))).on('error', () => undefined);
  return { socket, text: () => text };
}

test('the handshake passes, and bytes go both ways, also those sent right behind the request', async () => {
  const { socket, text } = open('/on/chat?room=1', 'early ');
  await until(() => text().includes('early '), 'the early bytes are back');
  expect(text()).toMatch(/^HTTP\/1\.1 101 /);
  // The example of RFC 6455 §1.3.
  expect(text()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  expect(seen.at(-1)?.url).toBe('/on/chat?room=1');
  expect(seen.at(-1)?.headers).toMatchObject({
    host: 'ws.example.com',
    'x-real-ip': '127.0.0.1',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'ws.example.com',
  });
  const large = 'x'.repeat(1_000_000);
  socket.write(large);
  await until(() => text().length > large.length, 'a megabyte is back');
  socket.destroy();
});

test.each([
  ['keep-alive, Upgrade', 'websocket'],
  ['upgrade', 'WebSocket'],
  ['Upgrade,Keep-Alive', 'WEBSOCKET'],
])('a handshake with Connection: %s and Upgrade: %s', async (connection, upgrade) => {
  // Kong/kong#4718 and traefik/traefik#7853: lost for some browsers.
  const socket = connect(Number(gateway.traffic.port), '127.0.0.1');
  const head = ['GET /on/x HTTP/1.1', 'Host: h', `Connection: ${connection}`, `Upgrade: ${upgrade}`];
  socket.write(`${[...head, `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13'].join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1'))).on('error', () => undefined);
  await until(() => text.includes('\r\n\r\n'), 'an answer');
  expect(text).toMatch(/^HTTP\/1\.1 101 /);
  socket.write('hello');
  await until(() => text.endsWith('hello'), 'bytes go both ways');
  socket.destroy();
});

test('a WebSocket stays open for longer than the read time of its route while nobody says anything', async () => {
  // traefik/traefik#10598: closed after a default time-out.
  const { socket, text } = open('/brief/1');
  await until(() => text().includes('101'), 'open');
  const opened = performance.now();
  // The read time is over for a request that waits meanwhile.
  const late = await fetch(new URL('/brief/late', gateway.traffic));
  expect([late.status, performance.now() - opened > 400]).toEqual([504, true]);
  socket.write('still here');
  await until(() => text().endsWith('still here'), 'bytes go both ways');
  socket.destroy();
});

test('after a reload an open WebSocket has its time, then it ends, and with it the old worker', async () => {
  // apache/apisix#9909: old workers that never went; #1853: connections that were dropped at once.
  const { socket, text } = open('/on/reload');
  await until(() => text().includes('101'), 'open');
  const [old] = await gateway.workers();
  process.kill(gateway.pid, 'SIGHUP');
  await until(async () => (await gateway.workers()).some(({ id, ready }) => ready && id !== old?.id), 'a new worker');
  socket.write('still carried');
  await until(() => text().endsWith('still carried'), 'the old worker carries on');
  await expect.poll(() => socket.destroyed, { timeout: 30_000 }).toBe(true);
  await expect.poll(() => alive(old?.pid ?? -1), { timeout: 30_000 }).toBe(false);
});

test('a block stops handshakes, and leaves what is open', async () => {
  const before = open('/on/blocked');
  await until(() => before.text().includes('101'), 'open');
  const client = new Etcd3({ hosts: etcd.url.origin });
  await client.put('/apisix/blocks/b').value(JSON.stringify({ uri: '/on/blocked' }));
  const refused = async (): Promise<string> => {
    const { socket, text } = open('/on/blocked');
    await until(() => text().includes('\r\n\r\n'), 'an answer');
    socket.destroy();
    return text().slice(0, 12);
  };
  await expect.poll(refused).toBe('HTTP/1.1 403');
  before.socket.write('still here');
  await until(() => before.text().endsWith('still here'), 'bytes go both ways');
  before.socket.destroy();
  await client.delete().key('/apisix/blocks/b');
  client.close();
});

test('when either side goes the other goes', async () => {
  const client = open('/on/1');
  await until(() => client.text().includes('101'), 'open');
  const server = [...sockets].at(-1);
  client.socket.destroy();
  await until(() => server?.destroyed === true, 'the upstream sees the client go');
  const other = open('/on/2');
  await until(() => other.text().includes('101'), 'open');
  [...sockets].at(-1)?.destroy();
  await until(() => other.socket.destroyed, 'the client sees the upstream go');
});

test('a route that does not allow it forwards the request without its upgrade', async () => {
  const { text } = open('/off');
  await until(() => text().includes('plain none'), 'an answer');
  expect(text()).toMatch(/^HTTP\/1\.1 200 /);
});

test.each([
  ['/nowhere', /^HTTP\/1\.1 404 /],
  ['/down', /^HTTP\/1\.1 502 /],
])('%s is answered in HTTP, and the connection ends', async (path, head) => {
  const { socket, text } = open(path);
  await until(() => socket.closed, 'the connection ends');
  expect(text()).toMatch(head);
});
