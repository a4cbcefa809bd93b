/** The gateway starts again, replaces its workers, starts cold, and is joined by others. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { injectorOf } from '../../../../harness/faults/index.ts';
import type { World } from '../../../../harness/model/ports.ts';
import { labelled } from '../../../../harness/runtimes/residue.ts';
import type { GatewayFault } from '../../../../scenarios/gateway-faults.ts';
import { until } from '../../../support/http.ts';
import { askAnew, keepOneToEach } from '../../../support/kept-connection.ts';
import { alive } from '../../../support/processes.ts';
import { type WholeWorld, play, startWholeWorld } from '../../../support/whole-world.ts';

const never = new AbortController().signal;
const within = { timeout: 60_000, interval: 20 };
let whole: WholeWorld;
beforeAll(async () => {
  whole = await startWholeWorld();
});
afterAll(() => whole[Symbol.asyncDispose]());

/** Masters of the reference gateway among the processes of the run: those that no other of them has started. */
function gateways({ runId }: WholeWorld): number {
  return labelled(runId).filter(({ command }) => command.endsWith('gateway/main.ts')).length / 3;
}

test('a restart: all connections end, another process serves', async () => {
  const { world } = whole;
  const kept = await keepOneToEach(world.gateway.traffic, 2);
  const played = await play({ kind: 'gateway.restart' }, world);
  const [, old, next] =
    /^process (\d+) ended after \d+ ms; the gateway runs as process (\d+)$/.exec(played.proof) ?? [];
  expect([alive(Number(old)), alive(Number(next))]).toEqual([false, true]);
  expect(await Promise.all(kept.map((connection) => connection.ask()))).toEqual(['ended', 'ended']);
  expect(await played.heal()).toBe(await played.heal());
  await expect.poll(() => askAnew(world.gateway.traffic), within).toBe('answers');
});

test('a reload: other workers serve, and nobody who connects meanwhile is refused', async () => {
  const { world } = whole;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  const kept = await keepOneToEach(world.gateway.traffic, 2);
  const before = kept.map(({ worker }) => worker);
  const stop = new AbortController();
  const answers: string[] = [];
  const asking = (async () => {
    while (!stop.signal.aborted) answers.push(await askAnew(world.gateway.traffic));
  })();
  const played = await play({ kind: 'gateway.reload' }, world);
  expect(played.proof).toMatch(/^processes \d+, \d+ were replaced by \d+, \d+ within \d+ ms$/);
  await played.heal();
  stop.abort();
  await asking;
  expect(answers.length).toBeGreaterThan(10);
  expect([...new Set(answers)]).toEqual(['answers']);
  const after = await keepOneToEach(world.gateway.traffic, 2);
  expect(after.filter(({ worker }) => before.includes(worker))).toEqual([]);
  for (const connection of [...kept, ...after]) connection[Symbol.dispose]();
});

test('a product that knows no reload is not asked for one', () => {
  const fault: GatewayFault = { kind: 'gateway.reload' };
  const gateway = { ...whole.world.gateway, reloadSignal: undefined };
  const world: World = { ...whole.world, gateway };
  expect(injectorOf(fault).unsupported(fault, world)).toBe('reference cannot be told to reload');
});

test('a cold start without etcd: the gateway refuses, and serves when etcd is back', async () => {
  const { world } = whole;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  const etcd = await play({ kind: 'etcd.down' }, world);
  const cold = await play({ kind: 'gateway.cold-start' }, world, 1, 2_000);
  expect(cold.proof).toMatch(/^process \d+ is not ready \d+ ms after its start; a settled route is refused$/);
  expect(await askAnew(world.gateway.traffic)).toBe('refused');
  await cold.heal();
  await etcd.heal();
  await expect.poll(() => askAnew(world.gateway.traffic), within).toBe('answers');
});

test('a cold start with etcd: the gateway serves', async () => {
  const { world } = whole;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  const cold = await play({ kind: 'gateway.cold-start' }, world);
  expect(cold.proof).toMatch(/says that it is ready \d+ ms after its start; a settled route is answered 200$/);
  await cold.heal();
});

test('further gateways serve on addresses of their own, and are gone after the heal', async () => {
  const { world } = whole;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  expect(gateways(whole)).toBe(1);
  const played = await play({ kind: 'gateway.scale-out', gateways: 2 }, world, 4);
  expect(played.proof).toMatch(/^2 further gateways serve, \d+, \d+ ms after they were started$/);
  const addresses = [world.gateway, ...world.further.values()].map(({ traffic }) => traffic);
  expect(new Set(addresses.map(({ host }) => host)).size).toBe(3);
  expect(await Promise.all(addresses.map(askAnew))).toEqual(['answers', 'answers', 'answers']);
  expect(gateways(whole)).toBe(3);
  expect(await played.heal()).toBe('the further gateways are gone');
  expect(await Promise.all(addresses.map(askAnew))).toEqual(['answers', 'refused', 'refused']);
  expect(gateways(whole)).toBe(1);
});

/** Seconds of cpu that these processes have used since they started, in user and in system mode. */
function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** Busy for a while, and how many cores it used. */
async function coresUsed({ world }: WholeWorld): Promise<number> {
  const pids = world.processes('gateway').group;
  const [before, since] = [cpuSeconds(pids), performance.now()];
  const until = since + 1_500;
  const busy = async (): Promise<void> => {
    while (performance.now() < until) await fetch(new URL('/settled/0', world.gateway.traffic)).then((a) => a.text());
  };
  await Promise.all(Array.from({ length: 16 }, busy));
  return (1_000 * (cpuSeconds(pids) - before)) / (performance.now() - since);
}

test('with a tenth of a core the gateway uses no more, and afterwards what it wants', async (context) => {
  const { world } = whole;
  const unsupported = world.cpuLimit.whyNot();
  if (unsupported !== undefined) context.skip(unsupported);
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  // On a machine with other work to do it gets what it wants at times only.
  const free = (): Promise<void> => expect.poll(() => coresUsed(whole), within).toBeGreaterThan(0.2);
  await free();
  const busy = coresUsed(whole);
  const played = await play({ kind: 'gateway.cpu', cores: 0.1 }, world);
  expect(played.proof).toMatch(/^the kernel has held the gateway back \d+ times, to 0\.1 cores$/);
  await busy;
  expect(await coresUsed(whole)).toBeLessThan(0.15);
  expect(await played.heal()).toBe('the gateway is limited no more');
  await free();
});
