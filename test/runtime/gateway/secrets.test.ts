/** What must not be told: no secret stands in the log, on the status page or in the metrics, whatever goes wrong. */
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAuthority, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, freePort, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, startEcho, startGateway } from '../../support/gateway.ts';
import { ask, until } from '../../support/http.ts';

const adminKey = 'SECRET-of-the-admin-api';
let etcd: TestEtcd;
let client: Etcd3;
let echo: EchoUpstream;
let authority: TestAuthority;
let gateway: TestGateway;
let admin: string;

beforeAll(async () => {
  authority = createAuthority();
  [etcd, echo] = await Promise.all([startEtcd(), startEcho()]);
  client = new Etcd3({ hosts: etcd.url.origin });
  admin = `127.0.0.1:${await freePort()}`;
  const env = { GATEWAY_ADMIN: admin, GATEWAY_ADMIN_KEY: adminKey, GATEWAY_LOG: 'trace' };
  gateway = await startGateway({ etcd: etcd.url, env });
  await until(() => gateway.ready(), 'the gateway is ready');
});

afterAll(async () => {
  client.close();
  await gateway[Symbol.asyncDispose]();
  await Promise.all([echo, etcd].map((each) => each[Symbol.asyncDispose]()));
  authority[Symbol.dispose]();
});

/** All that can be read of the gateway without a key. */
async function told(): Promise<string> {
  const pages = ['/status', '/status/ready', '/metrics', '/v1/routes'];
  const texts = pages.map(async (page) => (await fetch(new URL(page, gateway.status))).text());
  return [gateway.log(), ...(await Promise.all(texts))].join('\n');
}

async function put(key: string, text: string): Promise<void> {
  const { header } = await client.put(`/apisix/${key}`).value(text);
  await until(async () => BigInt((await gateway.workers())[0]?.revision ?? 0) >= BigInt(header.revision), key);
}

const holding = (key: string): object => ({ username: 'x', plugins: { 'key-auth': { key } } });

test.each<[string, string]>([
  ['JSON that breaks off behind a secret', '{"username":"x","plugins":{"key-auth":{"key":"SECRET-cut'],
  ['JSON with a stray word', '{"username":"x","plugins":{"key-auth":{"key":SECRET-bare}}}'],
  ['no JSON but a secret', 'SECRET-alone'],
  ['a field too many', JSON.stringify({ ...holding('SECRET-field'), surprise: 1 })],
  ['another name', JSON.stringify({ ...holding('SECRET-name'), username: 'y' })],
  ['an unknown plugin', JSON.stringify({ username: 'x', plugins: { 'jwt-auth': { secret: 'SECRET-plugin' } } })],
  ['a key that is a list', JSON.stringify({ username: 'x', plugins: { 'key-auth': { key: ['SECRET-list'] } } })],
])('a consumer that is refused, %s: the reason is told, and nothing of its key', async (_what, text) => {
  await put('consumers/x', text);
  expect((await gateway.workers())[0]?.rejected['/apisix/consumers/x']).toMatch(/\S/);
  // Not compared as a whole, which would print it.
  expect(/.{40}SECRET.{20}/.exec(await told())?.[0]).toBeUndefined();
});

test('nor the keys of certificates, of clients, of the Admin API and of whoever asks', async () => {
  const [one, other] = [authority.issue('a.test'), authority.issue('b.test')];
  await put('ssls/bad', JSON.stringify({ cert: one.cert, key: other.key, sni: 'a.test' }));
  const tls = { client_cert: one.cert, client_key: other.key };
  await put('upstreams/bad', JSON.stringify({ nodes: { [echo.node]: 1 }, scheme: 'https', tls }));
  await put('consumers/ann', JSON.stringify({ username: 'ann', plugins: { 'key-auth': { key: 'SECRET-of-ann' } } }));
  await put(
    'routes/r',
    JSON.stringify({ uri: '/*', upstream: { nodes: { [echo.node]: 1 } }, plugins: { 'key-auth': {} } }),
  );
  const port = Number(gateway.traffic.port);
  const headers = { authorization: 'Basic SECRET', cookie: 'session=SECRET' };
  expect((await ask(port, { headers: { ...headers, apikey: 'SECRET-of-ann' } })).status).toBe(200);
  expect((await ask(port, { path: '/?apikey=SECRET-guess', headers })).status).toBe(401);
  const call = (key: string): Promise<Response> =>
    fetch(`http://${admin}/apisix/admin/consumers/x?api_key=${key}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(holding('SECRET-by-admin')),
    });
  expect((await call('SECRET-wrong')).status).toBe(401);
  process.kill(etcd.pid, 'SIGSTOP');
  const unsure = await call(adminKey);
  process.kill(etcd.pid, 'SIGCONT');
  expect([unsure.status, await unsure.text()]).toEqual([503, expect.not.stringContaining('SECRET')]);
  await expect.poll(gateway.log).toContain('the Admin API could not serve');
  const text = await told();
  expect(/.{40}(SECRET|PRIVATE KEY).{20}/.exec(text)?.[0]).toBeUndefined();
  for (const { key } of [one, other]) expect(text.includes(key.split('\n')[1] ?? '')).toBe(false);
});

test('every line of the log is an object with a level, a time and a message', () => {
  for (const line of gateway.log().trim().split('\n')) {
    expect(JSON.parse(line)).toMatchObject({
      level: expect.any(Number),
      time: expect.any(Number),
      msg: expect.any(String),
    });
  }
});
