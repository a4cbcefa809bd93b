/** Reads while etcd is away: serializable ones from the mirror, and marked; all others fail, as etcd's own would. */
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { askGrpcRange } from '../../support/grpc-range.ts';
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

const range = { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0') };

interface Read {
  readonly ok: boolean;
  readonly mirror: string | null | undefined;
  readonly staleMs: number;
}

type Way = (serializable: boolean) => Promise<Read>;

const ways: Readonly<Record<string, Way>> = {
  async JSON(serializable) {
    const { ok, headers } = await read(serializable);
    return { ok, mirror: headers.get('x-watch-proxy-mirror'), staleMs: Number(headers.get('x-watch-proxy-stale-ms')) };
  },
  async gRPC(serializable) {
    const { code, header } = await askGrpcRange(proxy.url, { ...range, serializable });
    return {
      ok: code === status.OK,
      mirror: header('x-watch-proxy-mirror'),
      staleMs: Number(header('x-watch-proxy-stale-ms')),
    };
  },
};

test('what was allowed before goes on for as long as the outage lasts, reads and watches alike', async () => {
  const request = { create_request: { ...prefixRange('/apisix/'), start_revision: '2' } };
  using before = openJsonWatch(proxy.url, [request]);
  await until(() => before.lines.length > 0, 'it watches');
  for (const ask of Object.values(ways)) expect((await ask(true)).ok).toBe(true);
  process.kill(etcd.pid, 'SIGKILL');
  const outlasts = async ([way, ask]: readonly [string, Way]): Promise<void> => {
    const answers: boolean[] = [];
    // Longer than the proxy holds what etcd last said of a client's rights.
    await until(async () => {
      const { ok, mirror, staleMs } = await ask(true);
      answers.push(ok);
      expect(mirror).toMatch(/^\d+$/);
      return staleMs > 7_000;
    }, `over ${way} the mirror is seven seconds old`);
    expect(new Set(answers)).toEqual(new Set([true]));
    expect((await ask(false)).ok).toBe(false);
  };
  await Promise.all(Object.entries(ways).map(outlasts));
  // A client that was let in before may watch on from the ring.
  using again = openJsonWatch(proxy.url, [request]);
  await until(() => again.lines[0]?.result?.created === true, 'it watches again');
});

test('a linearizable read of an etcd that has fallen silent fails before long', async () => {
  process.kill(etcd.pid, 'SIGSTOP');
  const asked = performance.now();
  expect((await read(false)).status).toBe(503);
  expect(performance.now() - asked).toBeLessThan(20_000);
  process.kill(etcd.pid, 'SIGCONT');
  await until(async () => (await read(false)).status === 200, 'it is answered again');
});

test('over gRPC, too, in a word of its own and not by the patience of the client', async () => {
  const ask = async (): Promise<status> => (await askGrpcRange(proxy.url, range, '', 60_000)).code;
  // On the connection that the proxy has open by then.
  expect(await ask()).toBe(status.OK);
  process.kill(etcd.pid, 'SIGSTOP');
  expect(await ask()).toBe(status.UNAVAILABLE);
  process.kill(etcd.pid, 'SIGCONT');
  await until(async () => (await ask()) === status.OK, 'it is answered again');
});
