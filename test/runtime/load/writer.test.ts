import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { seedTable } from '../../../harness/load/seed-table.ts';
import { runWriter } from '../../../harness/load/writer.ts';
import type { Observation } from '../../../harness/model/history.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { freePort, startEtcd } from '../../support/etcd.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { startTrialWorld, worldAt } from '../../support/trial-world.ts';

const within = { timeout: 30_000 };
const never = new AbortController().signal;
const writes = { ratePerSecond: 100, mix: { create: 0.3, update: 0.5, delete: 0.2 } };
const counts = { settled: 5, ballast: 250, probes: 200 };
type Write = Extract<Observation, { kind: 'write' }>;

function operations(history: readonly Observation[], edge: Write['edge']): readonly string[] {
  return history.flatMap((line) => (line.kind === 'write' && line.edge === edge ? [`${line.route}=${line.seq}`] : []));
}

test('the table is in etcd as the driver lays it out, and what the writer says was committed is there', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const table = new RouteTable(counts);
  await seedTable(world, table, never);
  const recorder = memoryRecorder();
  const stop = new AbortController();
  const writing = runWriter({ world, table, writes, seed: 4 }, recorder, stop.signal);
  await expect.poll(() => operations(recorder.history, 'ok').length, within).toBeGreaterThan(60);
  stop.abort();
  await writing;
  const client = new Etcd3({ hosts: world.etcd.origin });
  const stored = await client.getAll().prefix('/apisix/routes/').strings();
  client.close();
  const seqs = new Map(
    Object.entries(stored).map(([key, value]) => [key.split('/').at(-1) ?? '', Number(/seq\/(\d+)/.exec(value)?.[1])]),
  );
  const expected = table.routes.flatMap(({ id }) =>
    table.expected(id) === null ? [] : [[id, table.expected(id)] as const],
  );
  expect(seqs).toEqual(new Map(expected));
  // Several are under way at once, and need not end in order.
  expect(operations(recorder.history, 'ok').toSorted()).toEqual(operations(recorder.history, 'invoke').toSorted());
  const routes = operations(recorder.history, 'invoke').map((operation) => operation.split('=')[0]);
  expect(new Set(routes).size).toBe(routes.length);
  expect(operations(recorder.history, 'ok').some((operation) => operation.endsWith('=null'))).toBe(true);
});

test('the same seed writes the same changes; another seed does not', async () => {
  await using started = await startTrialWorld();
  const planned = async (seed: number): Promise<readonly string[]> => {
    const recorder = memoryRecorder();
    const stop = new AbortController();
    const writing = runWriter(
      { world: started.world, table: new RouteTable(counts), writes, seed },
      recorder,
      stop.signal,
    );
    await expect.poll(() => operations(recorder.history, 'invoke').length, within).toBeGreaterThan(30);
    stop.abort();
    await writing;
    return operations(recorder.history, 'invoke').slice(0, 30);
  };
  const first = await planned(1);
  expect(await planned(1)).toEqual(first);
  expect(await planned(2)).not.toEqual(first);
});

const updates = { ...writes, mix: { create: 0, update: 1, delete: 0 } };

function edges(history: readonly Observation[]): ReadonlySet<string> {
  return new Set(history.flatMap((line) => (line.kind === 'write' ? [line.edge] : [])));
}

test('writes that a paused etcd leaves unanswered are unknown, either state is acceptable, and writing goes on after', async () => {
  await using started = await startTrialWorld();
  await using etcd = await startEtcd();
  const world = worldAt(started.world, etcd.url);
  const table = new RouteTable({ ...counts, probes: 2_000 });
  const initial = new Map(table.probes.map(({ id, seq }) => [id, seq]));
  const recorder = memoryRecorder();
  const stop = new AbortController();
  const writing = runWriter({ world, table, writes: updates, seed: 1 }, recorder, stop.signal);
  const count = (edge: Write['edge']): number => operations(recorder.history, edge).length;
  await expect.poll(() => count('ok'), within).toBeGreaterThan(5);
  process.kill(etcd.pid, 'SIGSTOP');
  await expect.poll(() => count('unknown'), within).toBeGreaterThan(20);
  process.kill(etcd.pid, 'SIGCONT');
  const [resumedAt, before] = [recorder.now(), count('ok')];
  await expect.poll(() => count('ok'), within).toBeGreaterThan(before + 20);
  stop.abort();
  await writing;

  const unknown = recorder.history.flatMap((line) => (line.kind === 'write' && line.edge === 'unknown' ? [line] : []));
  for (const { route, seq } of unknown) {
    expect(table.acceptable(route, seq)).toBe(true);
    expect(table.acceptable(route, initial.get(route) ?? -1)).toBe(true);
    expect(table.acceptable(route, null)).toBe(false);
  }
  // Each was sent: a client that refuses by itself after a failure would leave etcd unpressed and call that unknown.
  expect(unknown.every(({ detail }) => /deadline/i.test(detail ?? ''))).toBe(true);
  const later = recorder.history.filter((line) => line.kind === 'write' && line.edge === 'ok' && line.atMs > resumedAt);
  expect(later.length).toBeGreaterThan(20);
  expect(operations(recorder.history, 'invoke').length).toBe(count('ok') + count('unknown') + count('fail'));
});

test('a write that never reached etcd has failed, and only the old state is acceptable', async () => {
  await using started = await startTrialWorld();
  const table = new RouteTable(counts);
  const recorder = memoryRecorder();
  const stop = new AbortController();
  // Nobody listens there: an etcd that is gone.
  const world = worldAt(started.world, new URL(`http://127.0.0.1:${await freePort()}`));
  const writing = runWriter({ world, table, writes: updates, seed: 1 }, recorder, stop.signal);
  await expect.poll(() => operations(recorder.history, 'fail').length, within).toBeGreaterThan(10);
  stop.abort();
  await writing;
  expect(edges(recorder.history)).toEqual(new Set(['invoke', 'fail']));
  const [probe] = table.probes;
  const [invoked] = recorder.history.flatMap((line) => (line.kind === 'write' ? [line.seq] : []));
  expect(table.acceptable('probe-0', probe?.seq ?? -1)).toBe(true);
  expect(table.acceptable('probe-0', invoked ?? -1)).toBe(false);
});

test('an etcd killed in the middle of writing leaves no write without an outcome', async () => {
  await using started = await startTrialWorld();
  await using etcd = await startEtcd();
  const table = new RouteTable({ ...counts, probes: 2_000 });
  const recorder = memoryRecorder();
  const stop = new AbortController();
  const world = worldAt(started.world, etcd.url);
  const writing = runWriter(
    { world, table, writes: { ...updates, ratePerSecond: 400 }, seed: 1 },
    recorder,
    stop.signal,
  );
  await expect.poll(() => operations(recorder.history, 'ok').length, within).toBeGreaterThan(40);
  await etcd.restart('keep');
  const before = operations(recorder.history, 'ok').length;
  await expect.poll(() => operations(recorder.history, 'ok').length, within).toBeGreaterThan(before + 40);
  stop.abort();
  await writing;
  const ended = ['ok', 'fail', 'unknown'] as const;
  const invoked = operations(recorder.history, 'invoke');
  expect(ended.flatMap((edge) => operations(recorder.history, edge)).toSorted()).toEqual(invoked.toSorted());
  const client = new Etcd3({ hosts: etcd.url.origin });
  const stored = await client.getAll().prefix('/apisix/routes/').strings();
  client.close();
  // What etcd has after it came back is what the outcomes allow: nothing acknowledged is gone, nothing failed is there.
  for (const operation of invoked) {
    const [route = ''] = operation.split('=');
    const text = stored[`/apisix/routes/${route}`];
    // These routes were never seeded: before its write a probe is absent.
    if (text === undefined) expect(operations(recorder.history, 'ok')).not.toContain(operation);
    else expect(table.acceptable(route, Number(/seq\/(\d+)/.exec(text)?.[1]))).toBe(true);
  }
});
