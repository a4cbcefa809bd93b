/** Reads while etcd is away: serializable ones from the mirror, and marked; all others fail, as etcd's own would. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { openJsonWatch, prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';

let etcd: TestEtcd;
let proxy: TestWatchProxy;
beforeEach(async () => {
  etcd = await startEtcd();
  proxy = await startWatchProxy(etcd.url);
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
});

const read = (serializable: boolean): Promise<Response> =>
  fetch(new URL('/v3/kv/range', proxy.url), {
    method: 'POST',
    body: JSON.stringify({ ...prefixRange('/apisix/'), serializable }),
  });

test('serializable reads are answered for as long as the outage lasts, and say how old they are', async () => {
  expect((await read(true)).status).toBe(200);
  process.kill(etcd.pid, 'SIGKILL');
  const answers: number[] = [];
  // Longer than the proxy holds what etcd last said of a client's rights.
  await until(
    async () => {
      const answer = await read(true);
      answers.push(answer.status);
      expect(answer.headers.get('x-watch-proxy-mirror')).toMatch(/^\d+$/);
      return Number(answer.headers.get('x-watch-proxy-stale-ms')) > 7_000;
    },
    'the mirror is seven seconds old',
    15_000,
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  expect((await read(false)).status).toBe(503);
});

test('a client that was let in before may watch on from the ring meanwhile', async () => {
  const request = { create_request: { ...prefixRange('/apisix/'), start_revision: '2' } };
  using before = openJsonWatch(proxy.url, [request]);
  await until(() => before.lines.length > 0, 'it watches');
  process.kill(etcd.pid, 'SIGKILL');
  await until(
    async () => Number((await read(true)).headers.get('x-watch-proxy-stale-ms')) > 6_000,
    'six seconds',
    15_000,
  );
  using again = openJsonWatch(proxy.url, [request]);
  await until(() => again.lines[0]?.result?.created === true, 'it watches again');
});

test('a linearizable read of an etcd that has fallen silent fails before long', async () => {
  process.kill(etcd.pid, 'SIGSTOP');
  const asked = performance.now();
  expect((await read(false)).status).toBe(503);
  expect(performance.now() - asked).toBeLessThan(12_000);
  process.kill(etcd.pid, 'SIGCONT');
  await until(async () => (await read(false)).status === 200, 'it is answered again');
});
