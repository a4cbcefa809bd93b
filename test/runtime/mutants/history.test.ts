/** Known-bad builds of which an etcd of their own has to be restored, or told how often it speaks of its progress. */
import { spawnSync } from 'node:child_process';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { type TestEtcd, etcdBinary, startEtcd } from '../../support/etcd.ts';
import { type TestGateway, startGateway } from '../../support/gateway.ts';
import { until } from '../../support/http.ts';

const within = { timeout: 30_000, interval: 20 };

const route = (uri: string): string =>
  JSON.stringify({ uri, plugins: { mocking: { response_status: 200, response_example: 'here' } } });

const status = async (gateway: TestGateway, path: string): Promise<string> => (await gateway.get(path)).slice(0, 3);

async function relists({ status: page }: TestGateway): Promise<number> {
  const text = await (await fetch(new URL('/metrics', page))).text();
  return Number(/^gateway_config_relists_total (\d+)$/m.exec(text)?.[1] ?? 0);
}

async function started(etcd: TestEtcd, mutants: string): Promise<TestGateway> {
  const gateway = await startGateway({ etcd: etcd.url, mutants, watchTimeoutMs: 2_000 });
  await until(() => gateway.ready(), 'the gateway is ready').catch(async (error: unknown) => {
    // One that is left behind asks for its etcd for ever.
    await gateway[Symbol.asyncDispose]();
    throw error;
  });
  return gateway;
}

test('lower-revision-ignored and resync-loop-on-lower-revision, after etcd was restored', async () => {
  await using etcd = await startEtcd();
  const put = async (key: string, value: string): Promise<void> => {
    const client = new Etcd3({ hosts: etcd.url.origin });
    await client.put(`/apisix/routes/${key}`).value(value);
    client.close();
  };
  await put('a', route('/a'));
  await etcd.save();
  const [clean, ignoring, resyncing] = await Promise.all(
    ['', 'lower-revision-ignored', 'resync-loop-on-lower-revision'].map((mutants) => started(etcd, mutants)),
  );
  if (clean === undefined || ignoring === undefined || resyncing === undefined) throw new Error('three were started');
  await using undo = new AsyncDisposableStack();
  for (const gateway of [clean, ignoring, resyncing]) undo.use(gateway);
  for (let turn = 0; turn < 60; turn++) await put('busy', route(`/busy/${turn}`));
  for (const gateway of [clean, ignoring, resyncing])
    await expect.poll(() => status(gateway, '/busy/59'), within).toBe('200');
  await etcd.restart('saved');
  await put('late', route('/late'));
  await expect.poll(() => status(clean, '/late'), within).toBe('200');
  await expect.poll(() => status(resyncing, '/late'), within).toBe('200');
  expect(await status(ignoring, '/late')).toBe('404');
  const before = await Promise.all([relists(clean), relists(resyncing)]);
  for (let turn = 0; turn < 8; turn++) {
    await put('next', route(`/next/${turn}`));
    await expect.poll(() => status(resyncing, `/next/${turn}`), within).toBe('200');
  }
  await expect.poll(() => status(clean, '/next/7'), within).toBe('200');
  const after = await Promise.all([relists(clean), relists(resyncing)]);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).toBeGreaterThanOrEqual((before[1] ?? 0) + 4);
});

test('no-revision-progress, beside a busy neighbour and compaction', async () => {
  const help = spawnSync(await etcdBinary(), ['--help'], { encoding: 'utf8' });
  const flag = /--(?:experimental-)?watch-progress-notify-interval/.exec(`${help.stdout}${help.stderr}`)?.[0];
  if (flag === undefined) throw new Error('this etcd cannot be told how often to tell of progress');
  await using etcd = await startEtcd({ args: [`${flag}=200ms`] });
  const client = new Etcd3({ hosts: etcd.url.origin });
  using undo = new DisposableStack();
  undo.defer(() => client.close());
  await client.put('/apisix/routes/a').value(route('/a'));
  await using clean = await started(etcd, '');
  await using mutated = await started(etcd, 'no-revision-progress');
  let revision = '0';
  for (let turn = 0; turn < 30; turn++)
    ({
      header: { revision },
    } = await client.put('/elsewhere/x').value(`${turn}`));

  const seen = async (gateway: TestGateway): Promise<bigint> => BigInt((await gateway.workers())[0]?.revision ?? 0);
  await expect.poll(async () => (await seen(clean)) >= BigInt(revision), within).toBe(true);
  await client.kv.compact({ revision, physical: true });
  // The watch is lost with the connection, and opened again where each believes to be.
  await etcd.restart('keep');
  await expect.poll(() => relists(mutated), within).toBe(2);
  await client.put('/apisix/routes/b').value(route('/b'));
  await expect.poll(() => status(clean, '/b'), within).toBe('200');
  expect(await relists(clean)).toBe(1);
});
