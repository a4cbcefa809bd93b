import { expect, test } from 'vitest';
import { startEtcdCluster } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { startEcho, startGateway, routeTo } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';
import { startLinkedEtcd } from '../../support/link.ts';

const within = { timeout: 60_000, interval: 20 };

test('an etcd that restarts with its data: last good keeps serving, missed writes arrive', async () => {
  await using world = await startLinkedEtcd();
  await using echo = await startEcho();
  await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', 1));
  await using gateway = await startGateway({ etcd: world.link.address });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  const restarting = world.etcd.restart('keep');
  expect(await gateway.get('/a')).toBe('200 /seq/1');
  await restarting;
  await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', 2));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/2');
  expect(await gateway.ready()).toBe(true);
});

test('an etcd that was wiped: the revision goes back, everything is read anew, deleted routes go', async () => {
  await using world = await startLinkedEtcd();
  await using echo = await startEcho();
  for (let seq = 1; seq < 20; seq++) await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', seq));
  await world.direct.put('/apisix/routes/gone').value(routeTo(echo, '/gone', 1));
  await using gateway = await startGateway({ etcd: world.link.address, watchTimeoutMs: 2_000 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await world.etcd.restart('wipe');
  await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', 100));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/100');
  await expect.poll(() => gateway.get('/gone'), within).toMatch(/^404/);
  // apache/apisix#12021: the cure of one fault was a full read at every event.
  for (let seq = 101; seq < 121; seq++) await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', seq));
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/120');
  expect(await gateway.metric('gateway_config_relists_total')).toBeLessThanOrEqual(3);
});

test('compaction while the watch is away: a full read brings what was missed, deletes too', async () => {
  await using world = await startLinkedEtcd();
  await using echo = await startEcho();
  await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', 1));
  await world.direct.put('/apisix/routes/gone').value(routeTo(echo, '/gone', 1));
  await using gateway = await startGateway({ etcd: world.link.address, watchTimeoutMs: 500 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await world.link.inject({ kind: 'watch.stall', mode: 'dead' }, 1);
  await world.direct.delete().key('/apisix/routes/gone');
  await world.direct.put('/apisix/routes/a').value(routeTo(echo, '/a', 2));
  const { header } = await world.direct
    .put('/apisix/routes/a')
    .value(routeTo(echo, '/a', 3))
    .exec();
  await world.direct.kv.compact({ revision: header.revision, physical: true });
  await world.link.heal();
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/3');
  await expect.poll(() => gateway.get('/gone'), within).toMatch(/^404/);
});

test('a member of etcd that has lost the others: last good keeps serving, and it is not asked at full speed', async () => {
  await using stack = new AsyncDisposableStack();
  const [alone, ...others] = (await startEtcdCluster()).map((member) => stack.use(member));
  if (alone === undefined) throw new Error('there are three');
  await using echo = await startEcho();
  const write = (seq: number): Promise<void> =>
    until(async () => (await putBy(alone.url, '/apisix/routes/a', routeTo(echo, '/a', seq))) === 200, 'etcd takes it');
  await write(1);
  await using gateway = await startGateway({ etcd: alone.url, workers: 2 });
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/1');
  await expect.poll(() => gateway.ready(), within).toBe(true);
  for (const { pid } of others) process.kill(pid, 'SIGKILL');
  // Nothing ends the connection: it is the member that says that it has no leader.
  const states = async (): Promise<readonly string[]> => (await gateway.workers()).map(({ syncState }) => syncState);
  await until(async () => (await states()).every((state) => state !== 'watching'), 'no worker believes to be told');
  const ends = (): Promise<number> => gateway.metric('gateway_watch_ends_total');
  const [before, since] = [await ends(), performance.now()];
  await until(async () => (await ends()) >= before + 24, 'each worker has tried a dozen times');
  // Six of them come within two seconds, as the waits grow; from then on there is half a second between two at least.
  expect(performance.now() - since).toBeGreaterThan(2_000);
  expect(await gateway.get('/a')).toBe('200 /seq/1');
  expect(await gateway.ready()).toBe(true);
  await Promise.all(others.map((other) => other.restart('keep')));
  await write(2);
  await expect.poll(() => gateway.get('/a'), within).toBe('200 /seq/2');
  await until(async () => (await states()).every((state) => state === 'watching'), 'all workers watch again');
  expect(await gateway.metric('gateway_config_relists_total')).toBe(2);
});

test('a worker that dies is replaced by one that loads the current configuration', async () => {
  await using world = await startLinkedEtcd();
  await using echo = await startEcho();
  await using gateway = await startGateway({ etcd: world.link.address, workers: 2 });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await world.direct.put('/apisix/routes/late').value(routeTo(echo, '/late', 7));
  await expect.poll(() => gateway.get('/late'), within).toBe('200 /seq/7');
  const [victim] = await gateway.workers();
  process.kill(victim?.pid ?? -1, 'SIGKILL');
  await expect
    .poll(async () => (await gateway.workers()).map(({ pid }) => pid).includes(victim?.pid ?? -1), within)
    .toBe(false);
  await expect.poll(() => gateway.ready(), within).toBe(true);
  expect((await gateway.workers()).map(({ routes }) => routes)).toEqual([1, 1]);
});

test('it is not ready before its first sync, and SIGTERM lets a request in flight finish', async () => {
  await using world = await startLinkedEtcd();
  await using echo = await startEcho();
  let release: () => void = () => undefined;
  let arrived: () => void = () => undefined;
  const arriving = new Promise<void>((resolve) => (arrived = resolve));
  echo.server.removeAllListeners('request').on('request', (_request, response) => {
    arrived();
    release = () => response.end('finished');
  });
  await using early = await startGateway({ etcd: new URL('http://127.0.0.1:9') });
  await world.direct.put('/apisix/routes/slow').value(routeTo(echo, '/slow', 1));
  await using gateway = await startGateway({ etcd: world.link.address });
  await expect.poll(() => gateway.ready(), within).toBe(true);
  await expect
    .poll(
      () =>
        early.workers().then(
          ({ length }) => length,
          () => 0,
        ),
      within,
    )
    .toBe(1);
  expect(await early.ready()).toBe(false);
  const answer = gateway.get('/slow');
  await arriving;
  process.kill(gateway.pid, 'SIGTERM');
  await expect.poll(() => gateway.ready(), within).toBe(false);
  release();
  expect(await answer).toBe('200 finished');
  expect(await gateway.exited).toBe(0);
});
