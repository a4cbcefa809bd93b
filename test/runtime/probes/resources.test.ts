import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import type { EtcdLink, LinkCounters } from '../../../harness/model/etcd-link.ts';
import { samples } from '../../../harness/model/samples.ts';
import { hostTime } from '../../../harness/probes/host-time.ts';
import { childrenOf, usageOf } from '../../../harness/probes/processes.ts';
import { watchResources } from '../../../harness/probes/resources.ts';
import { memoryRecorder } from '../../support/recorder.ts';

const within = { timeout: 30_000, interval: 20 };

function node(script: string): { readonly child: ChildProcess; readonly pid: number } & Disposable {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, pid: child.pid ?? -1, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

/** Of processor time, whatever else the host does. */
const burn = (ms: number): string => `while (process.cpuUsage().user + process.cpuUsage().system < ${ms * 1_000});`;

test('processor time and memory are those of the whole tree, of children that have ended too', async () => {
  const child = (script: string): string => `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(script)}])`; // prettier-ignore
  // It lives for as long as its parent holds its stdin.
  const keep = 'globalThis.kept = Buffer.alloc(80 * 1048576, 1); process.stdin.resume();';
  using parent = node(`
    ${child(keep)};
    ${child(burn(400))}.once('exit', () => console.log('ended'));
    setInterval(() => {}, 1000);`);
  await new Promise((resolve) => parent.child.stdout?.once('data', resolve));
  const { cpuSeconds = 0 } = usageOf(parent.pid) ?? {};
  expect(cpuSeconds).toBeGreaterThanOrEqual(0.4);
  await expect.poll(() => usageOf(parent.pid)?.rssBytes ?? 0, within).toBeGreaterThan(100 * 1_048_576);
});

test('of a process that is gone there is nothing', () => expect(usageOf(2 ** 22 + 1)).toBeUndefined());

test('the time of the host grows, and no more is stolen of it than there is', () => {
  const [one, other] = [hostTime(), hostTime()];
  expect(one?.total).toBeGreaterThan(0);
  expect(other?.total).toBeGreaterThanOrEqual(one?.total ?? Infinity);
  expect(one?.stolen).toBeLessThanOrEqual(one?.total ?? 0);
});

test('samples are taken until the end and once more then; a link that is gone costs only its own', async () => {
  using gateway = node('setInterval(() => {}, 1000)');
  const passed = { unaryCalls: 4, watchesCreated: 3, rangeBytes: 100, watchBytes: 20 };
  let gone = false;
  const link = {
    counters: async (): Promise<LinkCounters> => {
      if (gone) throw new Error('gone');
      return { grpc: passed, json: { ...passed, unaryCalls: 1 }, faults: [] } as unknown as LinkCounters;
    },
  } as EtcdLink;
  const recorder = memoryRecorder();
  const over = new AbortController();
  const watching = watchResources({ pid: gateway.pid, link }, recorder, over.signal);
  const of = (name: string): readonly number[] =>
    recorder.history.flatMap((o) => (o.kind === 'sample' && o.metric === name ? [o.value] : []));
  await expect.poll(() => of(samples.etcdRequests).length, within).toBeGreaterThanOrEqual(2);
  expect(of(samples.etcdRequests)[0]).toBe(4 + 3 + 1 + 3);
  expect(of(samples.etcdBytes)[0]).toBe(240);
  gone = true;
  const before = of(samples.gatewayCpu).length;
  over.abort();
  await watching;
  expect(of(samples.gatewayCpu).length).toBeGreaterThan(before - 1);
  expect(of(samples.clockOffset).length).toBe(of(samples.gatewayRss).length);
});

test('processes that end are counted, once each, and those that go on are not', async () => {
  using parent = node(`
    const { spawn } = require('node:child_process');
    for (let count = 0; count < 3; count++) spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    setInterval(() => {}, 1000);`);
  await expect.poll(() => childrenOf(parent.pid).length, within).toBe(3);
  const [first, second] = childrenOf(parent.pid);
  const link = { counters: () => Promise.reject(new Error('gone')) } as unknown as EtcdLink;
  const recorder = memoryRecorder();
  const over = new AbortController();
  const watching = watchResources({ pid: parent.pid, link }, recorder, over.signal);
  const counts = (): readonly number[] =>
    recorder.history.flatMap((o) => (o.kind === 'sample' && o.metric === samples.endedWorkers ? [o.value] : []));
  await expect.poll(() => counts().length, within).toBeGreaterThanOrEqual(1);
  expect(counts()[0]).toBe(0);
  for (const pid of [first, second]) if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await expect.poll(() => counts().at(-1), within).toBe(2);
  over.abort();
  await watching;
  expect(counts().at(-1)).toBe(2);
});

test('of a gateway that cannot be seen it is not told that none of its processes ended', async () => {
  const link = { counters: () => Promise.reject(new Error('gone')) } as unknown as EtcdLink;
  const recorder = memoryRecorder();
  await watchResources({ pid: 2 ** 22 + 1, link }, recorder, AbortSignal.abort());
  const sampled = recorder.history.flatMap((o) => (o.kind === 'sample' ? [o.metric] : []));
  expect(sampled).toContain(samples.clockOffset);
  expect(sampled).not.toContain(samples.endedWorkers);
});
