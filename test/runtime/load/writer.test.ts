import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { seedTable } from '../../../harness/load/seed-table.ts';
import { runWriter } from '../../../harness/load/writer.ts';
import type { Observation } from '../../../harness/model/history.ts';
import { RouteTable } from '../../../harness/model/route-table.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

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
  await expect.poll(() => operations(recorder.history, 'ok').length, { timeout: 10_000 }).toBeGreaterThan(60);
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
  expect(operations(recorder.history, 'ok')).toEqual(operations(recorder.history, 'invoke'));
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
    await expect.poll(() => operations(recorder.history, 'invoke').length, { timeout: 10_000 }).toBeGreaterThan(30);
    stop.abort();
    await writing;
    return operations(recorder.history, 'invoke').slice(0, 30);
  };
  const first = await planned(1);
  expect(await planned(1)).toEqual(first);
  expect(await planned(2)).not.toEqual(first);
});

test('a write that etcd never answered has an unknown outcome, and either state is acceptable', async () => {
  await using started = await startTrialWorld();
  const table = new RouteTable(counts);
  const recorder = memoryRecorder();
  const stop = new AbortController();
  // Nobody listens there: as an etcd that went away.
  const world = { ...started.world, etcd: new URL('http://127.0.0.1:9') };
  const writing = runWriter(
    { world, table, writes: { ...writes, mix: { create: 0, update: 1, delete: 0 } }, seed: 1 },
    recorder,
    stop.signal,
  );
  await expect.poll(() => operations(recorder.history, 'unknown').length, { timeout: 15_000 }).toBeGreaterThan(0);
  stop.abort();
  await writing;
  const [probe] = table.probes;
  const [invoked] = recorder.history.flatMap((line) => (line.kind === 'write' ? [line.seq] : []));
  expect(table.acceptable('probe-0', probe?.seq ?? -1)).toBe(true);
  expect(table.acceptable('probe-0', invoked ?? -1)).toBe(true);
  expect(table.acceptable('probe-0', null)).toBe(false);
});
