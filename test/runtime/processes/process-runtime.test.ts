import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Runtime, Workload } from '../../../harness/model/ports.ts';
import { processRuntime } from '../../../harness/runtimes/process.ts';
import { alive, groupMembers, labelled } from '../../../harness/runtimes/residue.ts';

const logs = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-logs-'));
afterAll(() => rmSync(logs, { recursive: true }));
const never = new AbortController().signal;

let runs = 0;
function fresh(): { readonly runId: string; readonly runtime: Runtime; readonly launched: number[] } {
  const launched: number[] = [];
  const runId = `test-${process.pid}-${runs++}`;
  const onLaunch = (_name: string, pid: number): void => void launched.push(pid);
  return { runId, launched, runtime: processRuntime({ runId, logs, onLaunch }) };
}

function shell(name: string, script: string): Workload {
  return { name, command: '/bin/sh', args: ['-c', script], env: {} };
}

async function eventually(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 5_000, interval: 5 }).toBe(true);
}

test('disposing a workload ends whatever it started, also what ignores SIGTERM', async () => {
  const { runtime, runId, launched } = fresh();
  const instance = await runtime.launch(shell('family', 'trap "" TERM; sleep 1000 & sleep 1000 & wait'), never);
  expect(launched).toEqual([instance.pid]);
  await eventually(() => groupMembers(instance.pid).length === 3);
  expect(labelled(runId)).toHaveLength(3);
  await instance[Symbol.asyncDispose]();
  expect(labelled(runId)).toEqual([]);
  expect(alive(instance.pid)).toBe(false);
});

test('a workload that dies by itself says so with its last words', async () => {
  const { runtime } = fresh();
  const instance = await runtime.launch(shell('dying', 'echo address already in use >&2; exit 3'), never);
  await expect(instance.died).rejects.toThrow(/dying ended by itself with code 3.*\n.*address already in use/);
  await instance[Symbol.asyncDispose]();
});

test('a program that is not there is an error, not a crash', async () => {
  const { runtime } = fresh();
  await expect(runtime.launch({ name: 'gone', command: '/no/such/program', args: [], env: {} }, never)).rejects.toThrow(
    'gone could not be started: /no/such/program',
  );
});

test('an orphan of a dead leader is still found by its label', async () => {
  const { runtime, runId } = fresh();
  const instance = await runtime.launch(shell('orphaning', 'sleep 1000 & exit 0'), never);
  await instance.died.catch(() => undefined);
  expect(labelled(runId).map(({ command }) => command)).toEqual(['sleep 1000']);
  await instance[Symbol.asyncDispose]();
  expect(labelled(runId)).toEqual([]);
});

test('the processes of a workload are told from outside, and each can be sent a signal', async () => {
  const { runtime } = fresh();
  const instance = await runtime.launch(shell('family', 'sleep 1000 & sh -c "sleep 1001 & wait" & wait'), never);
  await eventually(() => instance.processes().group.length === 4);
  const { leader, children, stopped } = instance.processes();
  expect([leader, children.length, stopped]).toEqual([instance.pid, 2, []]);
  const [first = 0, second = 0] = children;
  expect(first).toBeLessThan(second);
  instance.signal('SIGSTOP', second);
  await eventually(() => instance.processes().stopped.join() === String(second));
  instance.signal('SIGCONT', 'group');
  await eventually(() => instance.processes().stopped.length === 0);
  instance.signal('SIGKILL', first);
  await eventually(() => instance.processes().children.join() === String(second));
  instance.signal('SIGKILL');
  await eventually(() => instance.processes().leader === undefined);
  // Orphans are of its group still, and no children of its any more.
  expect([instance.processes().children, instance.processes().group.length]).toEqual([[], 2]);
  await instance[Symbol.asyncDispose]();
  expect(instance.processes()).toEqual({ leader: undefined, children: [], group: [], stopped: [] });
});
