/** What the known-bad build of apache/apisix#13067 loses, and what it does not, beside a clean process. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EchoUpstream, type TestGateway, routeTo, startEcho, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { type LinkedEtcd, startLinkedEtcd } from '../../support/link.ts';

let world: LinkedEtcd;
let echo: EchoUpstream;
beforeAll(async () => {
  [world, echo] = await Promise.all([startLinkedEtcd(), startEcho()]);
});
afterAll(async () => {
  await echo[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const within = { timeout: 60_000, interval: 10 };
const put = async (key: string): Promise<void> => void (await world.direct.put(key).value(routeTo(echo, '/x', 1)));

async function started(prefix: string, mutants: string, watchTimeoutMs: number): Promise<TestGateway> {
  const gateway = await startGateway({ etcd: world.link.address, prefix, mutants, watchTimeoutMs });
  await using undo = new AsyncDisposableStack();
  undo.use(gateway);
  const watching = async (): Promise<boolean> => (await gateway.workers())[0]?.syncState === 'watching';
  await until(() => watching().catch(() => false), 'the gateway watches');
  undo.move();
  return gateway;
}

const timeouts = (gateway: TestGateway): Promise<number> => gateway.metric('gateway_watch_ends_total{reason="silent"}');
/** Written again and again: what comes while its watch times out is lost to this build, stall or no stall. */
const written = async (key: string, gateway: TestGateway): Promise<readonly string[]> => {
  await put(key);
  return ids(gateway);
};
const ids = async (gateway: TestGateway): Promise<readonly string[]> => [...(await gateway.routes()).keys()];

test('a stall that is over before the watch times out loses nothing', async () => {
  await using gateway = await started('/short', 'watch-advance-on-timeout', 4_000);
  await expect.poll(() => written('/short/routes/before', gateway), within).toEqual(['before']);
  const before = await timeouts(gateway);
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put('/short/routes/during');
  await world.link.heal();
  await expect.poll(() => ids(gateway), within).toEqual(['before', 'during']);
  // What was silenced stays mute, so it came by the next watch.
  expect(await timeouts(gateway)).toBeGreaterThan(before);
});

test('a stall that outlasts one restart loses updates and deletes alike, and goes on as if nothing had been', async () => {
  await using bad = await started('/long', 'watch-advance-on-timeout', 1_000);
  await using clean = await started('/long', '', 1_000);
  await expect.poll(() => written('/long/routes/deleted', bad), within).toEqual(['deleted']);
  await expect.poll(() => ids(clean), within).toEqual(['deleted']);
  const before = Math.max(await timeouts(bad), await timeouts(clean));
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await put('/long/routes/during');
  await world.direct.delete().key('/long/routes/deleted');
  await expect
    .poll(async () => Math.min(await timeouts(bad), await timeouts(clean)), within)
    .toBeGreaterThanOrEqual(before + 2);
  await world.link.heal();
  await expect.poll(() => written('/long/routes/after', bad), within).toEqual(['after', 'deleted']);
  await expect.poll(() => ids(clean), within).toEqual(['after', 'during']);
  expect(await bad.metric('gateway_config_relists_total')).toBe(1);
});
