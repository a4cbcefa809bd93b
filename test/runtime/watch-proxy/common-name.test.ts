/** An etcd that takes users from certificates: the proxy is one by its own, and its clients are not. */
import { Client, Metadata, credentials, status } from '@grpc/grpc-js';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { call, rpc } from '../../../gateway/etcd/rpc.ts';
import { createAuthority } from '../../support/certificate.ts';
import { startEtcd } from '../../support/etcd.ts';
import { askGrpcRange } from '../../support/grpc-range.ts';
import { until } from '../../support/http.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const range = { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0') };
const password = 'secret';
const request = { create_request: { ...prefixRange('/apisix/'), start_revision: '1' } };

/** Over gRPC: JSON is refused altogether by an etcd that sees a name in a certificate. */
async function loginAt(url: URL): Promise<string> {
  const client = new Client(url.host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  try {
    const { token = '' } = await call(client, rpc.authenticate, { name: 'reader', password }, new Metadata(), 10_000);
    return token;
  } finally {
    client.close();
  }
}

test('a client without a token is nobody, whatever the name in the certificate of the proxy', async () => {
  using authority = createAuthority();
  const server = authority.issue('localhost', '127.0.0.1');
  const reader = authority.issue('reader');
  await using etcd = await startEtcd({ tls: { ...server, clientCa: authority.caFile } });
  const shown = {
    rootCertificate: Buffer.from(authority.ca),
    privateKey: Buffer.from(reader.key),
    certChain: Buffer.from(reader.cert),
  };
  const client = new Etcd3({ hosts: etcd.url.origin, credentials: shown });
  await client.put('/apisix/a').value('1');
  for (const [name, role] of [
    ['root', 'root'],
    ['reader', 'apisix'],
  ] as const) {
    await client.auth.userAdd({ name, password });
    await client.auth.roleAdd({ name: role });
    await client.auth.userGrantRole({ user: name, role });
  }
  await client.auth.roleGrantPermission({ name: 'apisix', perm: { permType: 'Read', ...range } });
  await client.auth.authEnable();
  client.close();
  // It has no user but by its certificate, and follows the range with that.
  await using proxy = await startWatchProxy(etcd.url, {
    WATCH_PROXY_ETCD_CA: authority.caFile,
    WATCH_PROXY_ETCD_CERT: reader.certFile,
    WATCH_PROXY_ETCD_KEY: reader.keyFile,
  });
  using nobody = openJsonWatch(proxy.url, [request]);
  await until(() => nobody.lines.length > 0, 'it is answered');
  expect(nobody.lines[0]?.result?.cancel_reason).toContain('user name is empty');
  for (const serializable of [true, false]) {
    expect((await askGrpcRange(proxy.url, { ...range, serializable })).code).toBe(status.INVALID_ARGUMENT);
  }
  const token = await loginAt(proxy.url);
  using known = openJsonWatch(proxy.url, [request], { authorization: token });
  await until(() => known.events().length > 0, 'who shows a token sees');
  for (const serializable of [true, false]) {
    expect((await askGrpcRange(proxy.url, { ...range, serializable }, token)).code).toBe(status.OK);
  }
  expect(nobody.events()).toEqual([]);
});
