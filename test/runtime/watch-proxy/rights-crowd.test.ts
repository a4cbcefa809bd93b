/** Many clients, each with a token of its own: what their rights cost etcd, and that each loses them. */
import { expect, test } from 'vitest';
import { startEtcd } from '../../support/etcd.ts';
import { askEtcd } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { type JsonWatch, openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const crowd = 150;
const range = prefixRange('/apisix/');

async function loginAt(url: URL, name: string): Promise<string> {
  const { body } = await askEtcd(url, '/v3/auth/authenticate', { name, password: 'secret' });
  return String(body['token']);
}

/** Reads that etcd has been asked for so far. */
async function readsOf(url: URL): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const series = text.matchAll(/^grpc_server_started_total\{grpc_method="Range",.*\} (\d+)$/gm);
  return [...series].reduce((sum, [, value]) => sum + Number(value), 0);
}

test('a crowd with a token each is asked about bit by bit, and all of it is ended when the role is taken away', async () => {
  // A password is checked in a millisecond: what is measured here begins after it.
  await using etcd = await startEtcd({ args: ['--bcrypt-cost=4'] });
  const ask = async (path: string, body: object, token?: string): Promise<void> =>
    expect((await askEtcd(etcd.url, path, body, token)).status).toBe(200);
  for (const [user, role] of [
    ['root', 'root'],
    ['reader', 'apisix'],
  ]) {
    await ask('/v3/auth/user/add', { name: user, password: 'secret' });
    await ask('/v3/auth/role/add', { name: role });
    await ask('/v3/auth/user/grant', { user, role });
  }
  await ask('/v3/auth/role/grant', { name: 'apisix', perm: { permType: 'READ', ...range } });
  await ask('/v3/auth/enable', {});
  const login = { WATCH_PROXY_ETCD_USER: 'root', WATCH_PROXY_ETCD_PASSWORD: 'secret' };
  await using proxy = await startWatchProxy(etcd.url, login);
  using stack = new DisposableStack();
  const watches: JsonWatch[] = [];
  for (let n = 0; n < crowd; n++) {
    const headers = { authorization: await loginAt(etcd.url, 'reader') };
    watches.push(stack.use(openJsonWatch(proxy.url, [{ create_request: range }], headers)));
  }
  await until(() => watches.every(({ lines }) => lines[0]?.result?.created === true), 'all watch');
  const [before, since] = [await readsOf(etcd.url), performance.now()];
  await until(async () => (await readsOf(etcd.url)) >= before + crowd, 'as many questions as there are tokens');
  // Twenty a second.
  expect(performance.now() - since).toBeGreaterThan(5_000);
  expect(watches.some(({ lines }) => lines.at(-1)?.result?.canceled === true)).toBe(false);
  await ask('/v3/auth/role/revoke', { role: 'apisix', ...range }, await loginAt(etcd.url, 'root'));
  const isEnded = ({ lines }: JsonWatch): boolean =>
    /permission denied|auth store is old/i.test(lines.at(-1)?.result?.cancel_reason ?? '');
  await until(() => watches.every(isEnded), 'all are ended');
});
