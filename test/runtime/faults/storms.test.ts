import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { etcdMetrics } from '../../../harness/faults/etcd-metrics.ts';
import { injectorOf } from '../../../harness/faults/index.ts';
import type { World } from '../../../harness/model/ports.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import type { Fault } from '../../../scenarios/scenario.ts';
import { until } from '../../support/http.ts';
import { startTrialWorld } from '../../support/trial-world.ts';
import { startWatchProxy } from '../../support/watch-proxy.ts';

const signal = AbortSignal.timeout(600_000);
const context = { seed: 1, step: 0, holdMs: 60_000, signal };

test.each<[Fault, RegExp, number]>([
  [
    { kind: 'etcd.overload', putsPerSecond: 50, rangesPerSecond: 20, watchers: 10, valueBytes: 100 },
    /\+10 watchers, \d+ puts\/s, \d+ ranges\/s/,
    10,
  ],
  [{ kind: 'routes.flood', changesPerSecond: 50, paths: 'distinct' }, /\d+ changes\/s/, 0],
])('%j does nothing until it is injected, proves itself by etcd, and is gone after its heal', async (...row) => {
  const [fault, proof, watchers] = row;
  await using started = await startTrialWorld();
  const { world, runId } = started;
  const client = new Etcd3({ hosts: world.etcd.origin });
  const revision = async (): Promise<number> => Number((await client.getAll().limit(1).exec()).header.revision);
  const injector = injectorOf(fault);
  await injector.prepare(fault, world, context);
  expect(await revision()).toBe(1);
  const before = await injector.inject(fault, world, context);
  expect(await injector.verify(fault, world, before, context)).toMatch(proof);
  expect(await watchesTold(world)).toBe(watchers);
  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toContain('gone');
  await injector.heal(fault, world, context);
  await until(async () => (await watchesTold(world)) === 0, 'etcd has let all watches go');
  expect(labelled(runId).filter(({ command }) => command.includes('storm'))).toEqual([]);
  let after = await revision();
  expect(after).toBeGreaterThan(10);
  // What the storm had sent by its end may still arrive.
  await until(async () => after === (after = await revision()), 'nothing more is written');
  expect(await revision()).toBe(after);
  client.close();
});

test('two storms of a kind in one timeline are two processes: the end of one leaves the other', async () => {
  await using started = await startTrialWorld();
  const { world, runId } = started;
  const fault: Fault = { kind: 'routes.flood', changesPerSecond: 50, paths: 'distinct' };
  const injector = injectorOf(fault);
  const storms = (): number => labelled(runId).filter(({ command }) => command.includes('storm')).length;
  const other = { ...context, step: 1 };
  await injector.prepare(fault, world, context);
  await injector.prepare(fault, world, other);
  expect(storms()).toBe(2);
  await injector.heal(fault, world, context);
  expect(await injector.verifyHealed(fault, world, context)).toBe(
    'the process of routes-flood-1 is gone, and none of its routes is left',
  );
  expect(storms()).toBe(1);
  await expect(injector.verifyHealed(fault, world, other)).rejects.toThrow('routes-flood-2 still runs after its heal');
  await injector.heal(fault, world, other);
  expect(storms()).toBe(0);
});

test('a fault that does not take hold is said so, with what was seen', async () => {
  await using started = await startTrialWorld();
  const fault: Fault = { kind: 'routes.flood', changesPerSecond: 50, paths: 'same' };
  const injector = injectorOf(fault);
  const soon = { ...context, signal: AbortSignal.timeout(3_000) };
  // Never released: etcd sees no change.
  const verifying = injector.verify(fault, started.world, { written: 0, atMs: performance.now() }, soon);
  await expect(verifying).rejects.toThrow('etcd shows 0 changes/s; planned were 50');
});

test('a crowd of watchers shows at etcd; before a watch proxy it shows there, and etcd holds one watch', async () => {
  const fault: Fault = { kind: 'watch.crowd', watchers: 120 };
  const injector = injectorOf(fault);
  await using started = await startTrialWorld();
  const { world: parts, runId } = started;
  await using proxy = await startWatchProxy(parts.etcd);
  const proofWith = async (watchProxy: World['gateway']['watchProxy']): Promise<string> => {
    const world = { ...parts, gateway: { ...parts.gateway, watchProxy } };
    await injector.prepare(fault, world, context);
    const before = await injector.inject(fault, world, context);
    const proof = await injector.verify(fault, world, before, context);
    await injector.heal(fault, world, context);
    expect(await injector.verifyHealed(fault, world, context)).toContain('gone');
    expect(labelled(runId).filter(({ command }) => command.includes('storm'))).toEqual([]);
    return proof;
  };
  // The proxy's own watch of the prefix is the one more.
  expect(await proofWith(undefined)).toBe('etcd serves 121 watches (+120); etcd holds 121');
  await until(async () => (await watchesAt(parts)) === 1, 'etcd has let the crowd go');
  expect(await proofWith({ url: proxy.url, metrics: proxy.metrics })).toBe(
    'the watch proxy serves 120 watches (+120); etcd holds 1',
  );
});

/** Watches that etcd holds, as its metrics page has it. */
async function watchesTold({ etcd }: World): Promise<number> {
  const page = await (await fetch(new URL('/metrics', etcd))).text();
  return Number(/^etcd_debugging_mvcc_watcher_total (\d+)$/m.exec(page)?.[1]);
}

async function watchesAt(world: World): Promise<number> {
  return (await etcdMetrics(world, signal)).watchers;
}
