/** An etcd that does not let everybody in: TLS, client certificates, user and password, tokens that expire. */
import { readFileSync } from 'node:fs';
import { Etcd3, type IOptions } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestAuthority, type TestCertificate, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';

let authority: TestAuthority;
let certificate: TestCertificate;
let etcd: TestEtcd;
let echo: EchoUpstream;
let client: Etcd3;

const within = { timeout: 30_000 };

/** Seconds; etcd checks tokens every second at best. */
const tokenTtl = 2;

beforeAll(async () => {
  authority = createAuthority();
  certificate = authority.issue('127.0.0.1');
  etcd = await startEtcd({
    tls: { ...certificate, clientCa: authority.caFile },
    args: [`--auth-token-ttl=${tokenTtl}`],
  });
  echo = await startEcho();
  const credentials: NonNullable<IOptions['credentials']> = {
    rootCertificate: Buffer.from(authority.ca),
    privateKey: readFileSync(certificate.keyFile),
    certChain: readFileSync(certificate.certFile),
  };
  const open = new Etcd3({ hosts: etcd.url.origin, credentials });
  await open.auth.userAdd({ name: 'root', password: 'root-pass' });
  await open.auth.roleAdd({ name: 'root' });
  await open.auth.userGrantRole({ user: 'root', role: 'root' });
  await open.auth.authEnable();
  open.close();
  client = new Etcd3({ hosts: etcd.url.origin, credentials, auth: { username: 'root', password: 'root-pass' } });
});

afterAll(async () => {
  client.close();
  await echo[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  authority[Symbol.dispose]();
});

function access(changes: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return {
    GATEWAY_ETCD: etcd.url.origin,
    GATEWAY_ETCD_CA: authority.caFile,
    GATEWAY_ETCD_CERT: certificate.certFile,
    GATEWAY_ETCD_KEY: certificate.keyFile,
    GATEWAY_ETCD_USER: 'root',
    GATEWAY_ETCD_PASSWORD: 'root-pass',
    ...changes,
  };
}

function start(changes?: Readonly<Record<string, string>>): Promise<TestGateway> {
  return startGateway({ etcd: etcd.url, watchTimeoutMs: 1_000, env: access(changes) });
}

test('the gateway follows etcd through watches and re-reads long after its first token has expired', async () => {
  await client.put('/apisix/routes/a').value(routeTo(echo, '/a', 1));
  await using gateway = await start();
  await until(() => gateway.ready(), 'the gateway is ready');
  expect(await gateway.get('/a')).toBe('200 /seq/1');
  const expired = Date.now() + 2 * tokenTtl * 1_000;
  for (let seq = 2; Date.now() < expired; seq++) {
    await client.put('/apisix/routes/a').value(routeTo(echo, '/a', seq));
    await expect.poll(() => gateway.get('/a'), within).toBe(`200 /seq/${seq}`);
  }
  await client.put('/apisix/routes/late').value(routeTo(echo, '/late', 9));
  await expect.poll(() => gateway.get('/late'), within).toBe('200 /seq/9');
});

test('a user who may read its prefix and nothing else hears that etcd was put back to an older state', async () => {
  await client.auth.roleAdd({ name: 'prefix' });
  const prefix = { permType: 'Read', key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0') } as const;
  await client.auth.roleGrantPermission({ name: 'prefix', perm: prefix });
  await client.auth.userAdd({ name: 'limited', password: 'limited-pass' });
  await client.auth.userGrantRole({ user: 'limited', role: 'prefix' });
  await client.put('/apisix/routes/back').value(routeTo(echo, '/back', 1));
  await etcd.save();
  const written = (): Promise<boolean> =>
    client
      .put('/apisix/routes/back')
      .value(routeTo(echo, '/back', 2))
      .then(
        () => true,
        () => false,
      );
  await until(written, 'etcd takes writes again');
  await using gateway = await start({ GATEWAY_ETCD_USER: 'limited', GATEWAY_ETCD_PASSWORD: 'limited-pass' });
  await expect.poll(() => gateway.get('/back'), within).toBe('200 /seq/2');
  await etcd.restart('saved');
  await expect.poll(() => gateway.get('/back'), within).toBe('200 /seq/1');
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a wrong password', { GATEWAY_ETCD_PASSWORD: 'wrong' }],
  ['no user', { GATEWAY_ETCD_USER: '' }],
  ['no client certificate', { GATEWAY_ETCD_CERT: '', GATEWAY_ETCD_KEY: '' }],
  ['another authority', { GATEWAY_ETCD_CA: '' }],
])('%s: never ready, and the log says why without a secret', async (_what, changes) => {
  await using gateway = await start(changes);
  await until(() => gateway.log().includes('configuration sync is interrupted'), 'the reason is logged');
  expect(await gateway.ready()).toBe(false);
  expect(gateway.log()).not.toMatch(/root-pass|PRIVATE KEY/);
});
