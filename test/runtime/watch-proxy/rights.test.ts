/** With authentication on, a client sees through the proxy what etcd lets it see, and no more. */
import { status } from '@grpc/grpc-js';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { startEcho, startGateway } from '../../support/gateway.ts';
import { type GrpcRange, askGrpcRange } from '../../support/grpc-range.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';

let etcd: TestEtcd;
let proxy: TestWatchProxy;
let root: Etcd3;

async function post(url: URL, path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(new URL(path, url), { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

async function token(name: string): Promise<Record<string, string>> {
  const { token } = await post(proxy.url, '/v3/auth/authenticate', { name, password: 'secret' });
  return { authorization: String(token) };
}

beforeAll(async () => {
  etcd = await startEtcd();
  for (const [user, role] of [
    ['root', 'root'],
    ['reader', 'apisix'],
    ['stranger', 'other'],
  ]) {
    await post(etcd.url, '/v3/auth/user/add', { name: user, password: 'secret' });
    await post(etcd.url, '/v3/auth/role/add', { name: role });
    await post(etcd.url, '/v3/auth/user/grant', { user, role });
  }
  const perm = { permType: 'READ', ...prefixRange('/apisix/') };
  await post(etcd.url, '/v3/auth/role/grant', { name: 'apisix', perm });
  await post(etcd.url, '/v3/auth/enable', {});
  root = new Etcd3({ hosts: etcd.url.origin, auth: { username: 'root', password: 'secret' } });
  await root.put('/apisix/a').value('1');
  const login = { WATCH_PROXY_ETCD_USER: 'root', WATCH_PROXY_ETCD_PASSWORD: 'secret' };
  proxy = await startWatchProxy(etcd.url, login);
});

afterAll(async () => {
  root.close();
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const request = { create_request: { ...prefixRange('/apisix/'), start_revision: '1' } };

test('who may read gets the events', async () => {
  using watch = openJsonWatch(proxy.url, [request], await token('reader'));
  await until(() => watch.events().length > 0, 'the event');
});

test.each([
  ['may not read', async () => token('stranger')],
  ['shows nothing', async () => ({})],
  ['shows a token that is none', async () => ({ authorization: 'made.up' })],
])('who %s is refused in the words of etcd', async (_what, headers) => {
  const shown = await headers();
  using direct = openJsonWatch(etcd.url, [request], shown);
  using watch = openJsonWatch(proxy.url, [request], shown);
  await until(() => direct.lines.length > 0 && watch.lines.length > 0, 'both answer');
  const { result } = watch.lines[0] ?? {};
  const { header: _own, ...wanted } = direct.lines[0]?.result ?? { header: {} };
  expect(result).toMatchObject(wanted);
  expect(watch.events()).toEqual([]);
});

test('a serializable read is not answered from the mirror for who may not read', async () => {
  const body = JSON.stringify({ ...prefixRange('/apisix/'), serializable: true });
  const ask = async (name: string): Promise<Response> =>
    fetch(new URL('/v3/kv/range', proxy.url), { method: 'POST', body, headers: await token(name) });
  expect((await ask('stranger')).status).toBe(403);
  const allowed = await ask('reader');
  expect([allowed.status, allowed.headers.has('x-watch-proxy-mirror')]).toEqual([200, true]);
});

test('nor over gRPC', async () => {
  const range = { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0'), serializable: true };
  const ask = async (name: string): Promise<GrpcRange> =>
    askGrpcRange(proxy.url, range, (await token(name))['authorization']);
  expect((await ask('stranger')).code).toBe(status.PERMISSION_DENIED);
  const allowed = await ask('reader');
  expect([allowed.code, allowed.header('x-watch-proxy-mirror')]).toEqual([0, expect.stringMatching(/^\d+$/)]);
});

test('a role that is taken away ends the watch', async () => {
  using watch = openJsonWatch(proxy.url, [request], await token('reader'));
  await until(() => watch.events().length > 0, 'the event');
  const login = await post(etcd.url, '/v3/auth/authenticate', { name: 'root', password: 'secret' });
  const headers = { authorization: String(login['token']) };
  const body = JSON.stringify({ role: 'apisix', ...prefixRange('/apisix/') });
  const revoked = await fetch(new URL('/v3/auth/role/revoke', etcd.url), { method: 'POST', body, headers });
  expect(revoked.status).toBe(200);
  await root.put('/apisix/a').value('2');
  await expect
    .poll(() => watch.lines.at(-1)?.result?.cancel_reason ?? '', { timeout: 30_000 })
    .toMatch(/permission denied|auth store is old/i);
});

test('with a login, too, it hears how far etcd is while nothing happens in its range', async () => {
  const { header } = await root.put('/other').value('1');
  const told = async (): Promise<boolean> => {
    const answer = await fetch(new URL('/health', proxy.status));
    const { ranges } = (await answer.json()) as { readonly ranges: readonly { readonly revision: string }[] };
    return ranges.some(({ revision }) => BigInt(revision) >= BigInt(header.revision));
  };
  await until(told, 'it is at the revision of the write');
});

test('our gateway follows its configuration through the proxy, by one setting', async () => {
  await using plain = await startEtcd();
  await using between = await startWatchProxy(plain.url);
  await using echo = await startEcho();
  await using gateway = await startGateway({ etcd: between.url, workers: 2 });
  const client = new Etcd3({ hosts: plain.url.origin });
  await client.put('/apisix/routes/r').value(JSON.stringify({ uri: '/x', upstream: { nodes: { [echo.node]: 1 } } }));
  await until(
    () =>
      gateway.get('/x').then(
        (answer) => answer === '200 /x',
        () => false,
      ),
    'the route is served',
  );
  await until(async () => (await between.metric('watch_proxy_watchers')) === 2, 'both workers watch');
  const metrics = await (await fetch(new URL('/metrics', plain.url))).text();
  expect(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(metrics)?.[1]).toBe('1');
  client.close();
});
