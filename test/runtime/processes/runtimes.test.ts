/** What every runtime promises of its workloads: one suite over both. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ofRuns } from '../../../harness/containers/leftovers.ts';
import type { Instance, Runtime, Workload } from '../../../harness/model/ports.ts';
import { type ProcessRuntimeOptions, processRuntime } from '../../../harness/runtimes/process.ts';
import { alive, labelled } from '../../../harness/runtimes/residue.ts';
import { docker, withDocker } from '../../support/docker.ts';

const logs = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-logs-'));
afterAll(() => rmSync(logs, { recursive: true }));
const never = new AbortController().signal;

let runs = 0;
interface Fresh extends AsyncDisposable {
  readonly runId: string;
  readonly runtime: Runtime;
  readonly launched: readonly number[];
}

function fresh(runtimeOf: (options: ProcessRuntimeOptions) => Runtime): Fresh {
  const launched: number[] = [];
  const runId = `test-${process.pid}-${runs++}`;
  const runtime = runtimeOf({ runId, logs, onLaunch: (_name, pid) => void launched.push(pid) });
  return { runId, launched, runtime, [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose]() };
}

function shell(name: string, script: string): Workload {
  const image = { name: 'gatecrash-packages', args: ['/bin/sh', '-c', script] };
  return { name, command: '/bin/sh', args: ['-c', script], env: {}, image };
}

function node(name: string, script: string): Workload {
  const image = { name: 'gatecrash-packages', args: ['node', '-e', script] };
  return { name, command: process.execPath, args: ['-e', script], env: {}, image };
}

async function eventually(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 30_000, interval: 5 }).toBe(true);
}

/** What a run has left, wherever. */
async function left(runId: string): Promise<readonly string[]> {
  const contained = docker === undefined ? [] : await ofRuns(docker.engine);
  const names = contained.filter((each) => each.runId === runId).map(({ name }) => name);
  return [...labelled(runId).map(({ command }) => command), ...names];
}

const kinds = [
  { kind: 'process', runtimeOf: processRuntime, skip: false },
  { kind: withDocker, runtimeOf: docker?.runtimeOf ?? processRuntime, skip: docker === undefined },
];

describe.each(kinds)('$kind', ({ runtimeOf, skip }) => {
  test.skipIf(skip)('disposing a workload ends whatever it started, also what ignores SIGTERM', async () => {
    await using run = fresh(runtimeOf);
    const instance = await run.runtime.launch(shell('family', 'trap "" TERM; sleep 1000 & sleep 1000 & wait'), never);
    expect(run.launched).toEqual([instance.pid]);
    await eventually(() => instance.processes().group.length === 3);
    await instance[Symbol.asyncDispose]();
    expect(alive(instance.pid)).toBe(false);
    await run.runtime[Symbol.asyncDispose]();
    expect(await left(run.runId)).toEqual([]);
  });

  test.skipIf(skip)('a workload that dies by itself says so with its last words', async () => {
    await using run = fresh(runtimeOf);
    const instance = await run.runtime.launch(shell('dying', 'echo address already in use >&2; exit 3'), never);
    await expect(instance.died).rejects.toThrow(/dying ended by itself with code 3.*\n.*address already in use/);
    expect(instance.logTail()).toContain('address already in use');
    await instance[Symbol.asyncDispose]();
  });

  test.skipIf(skip)('one that a signal has ended says which', async () => {
    await using run = fresh(runtimeOf);
    const instance = await run.runtime.launch(shell('killed', 'sleep 1000 & wait'), never);
    instance.signal('SIGKILL');
    await expect(instance.died).rejects.toThrow('killed ended by itself with signal SIGKILL');
    await instance[Symbol.asyncDispose]();
  });

  test.skipIf(skip)('a program that is not there is an error, not a crash', async () => {
    await using run = fresh(runtimeOf);
    const image = { name: 'gatecrash-packages', args: ['/no/such/program'] };
    const gone = { name: 'gone', command: '/no/such/program', args: [], env: {}, image };
    await expect(run.runtime.launch(gone, never)).rejects.toMatchObject({
      code: 'PROCESS_DIED',
      message: expect.stringMatching(/gone.*\/no\/such\/program/) as string,
    });
  });

  test.skipIf(skip)('the processes of a workload are told from outside, and each can be sent a signal', async () => {
    await using run = fresh(runtimeOf);
    const instance = await run.runtime.launch(shell('family', 'sleep 1000 & sh -c "sleep 1001 & wait" & wait'), never);
    await eventually(() => instance.processes().group.length === 4);
    const { leader, children, stopped } = instance.processes();
    expect([leader, children.length, stopped]).toEqual([instance.pid, 2, []]);
    const [first = 0, second = 0] = children;
    expect(first).toBeLessThan(second);
    instance.signal('SIGSTOP', second);
    await eventually(() => instance.processes().stopped.join() === String(second));
    instance.signal('SIGSTOP', 'group');
    await eventually(() => instance.processes().stopped.length === 4);
    instance.signal('SIGCONT', 'group');
    await eventually(() => instance.processes().stopped.length === 0);
    instance.signal('SIGKILL', first);
    await eventually(() => instance.processes().children.join() === String(second));
    instance.signal('SIGKILL');
    await eventually(() => instance.processes().leader === undefined);
    // Orphans are no children of its any more; in a container they end with it.
    expect(instance.processes().children).toEqual([]);
    await instance[Symbol.asyncDispose]();
    expect(instance.processes()).toEqual({ leader: undefined, children: [], group: [], stopped: [] });
  });

  test.skipIf(skip)('an address is the same for the harness and for every other workload of the trial', async () => {
    await using run = fresh(runtimeOf);
    const [early, nobody] = [await run.runtime.freePort(), await run.runtime.freePort()];
    const serve = (port: number): string =>
      `require('node:net').createServer((s) => s.end('at ${port}')).listen(${port}, '127.0.0.1')`;
    await using first = await run.runtime.launch(node('first', serve(early)), never);
    const late = await run.runtime.freePort();
    const asks = `const ask = () => require('node:net').connect(${early}, '127.0.0.1').on('data', (d) => console.log('told: ' + d)).on('error', () => setTimeout(ask, 20)); ask();`;
    await using second = await run.runtime.launch(node('second', `${serve(late)}; ${asks}`), never);
    for (const port of [early, late]) await expect.poll(() => said(port), { timeout: 30_000 }).toBe(`at ${port}`);
    await expect.poll(() => second.logTail(), { timeout: 30_000 }).toContain(`told: at ${early}`);
    if (await run.runtime.seesRefusals()) expect(await said(nobody)).toBe('ECONNREFUSED');
    else expect(await said(nobody)).toMatch(/^$|ECONNRESET/);
    expect(first.processes().leader).toBe(first.pid);
  });

  test.skipIf(skip)('its standard input stays open for as long as the harness holds it', async () => {
    await using run = fresh(runtimeOf);
    const script = `process.stdin.resume().once('end', () => process.exit(7)); console.log('waits')`;
    const instance = await run.runtime.launch(node('waiting', script), never);
    await expect.poll(() => instance.logTail(), { timeout: 30_000 }).toContain('waits');
    await expect(Promise.race([instance.died, settled(instance, 300)])).resolves.toBe('lives');
    await instance[Symbol.asyncDispose]();
  });

  test.skipIf(skip)('its log is a file of its name, to which a second start adds', async () => {
    await using run = fresh(runtimeOf);
    for (const words of ['one', 'two']) {
      const instance = await run.runtime.launch(shell(`log-${run.runId}`, `echo ${words}; exit 0`), never);
      await instance.died.catch(() => undefined);
      await instance[Symbol.asyncDispose]();
    }
    expect(readFileSync(path.join(logs, `log-${run.runId}.log`), 'utf8')).toBe('one\ntwo\n');
  });
});

test('an orphan of a dead leader is still found by its label', async () => {
  await using run = fresh(processRuntime);
  const instance = await run.runtime.launch(shell('orphaning', 'sleep 1000 & exit 0'), never);
  await instance.died.catch(() => undefined);
  // It bears the name of its leader until it has become what it is to be.
  await expect
    .poll(() => labelled(run.runId).map(({ command }) => command), { timeout: 30_000, interval: 5 })
    .toEqual(['sleep 1000']);
  await instance[Symbol.asyncDispose]();
  expect(labelled(run.runId)).toEqual([]);
});

async function settled(instance: Instance, afterMs: number): Promise<string> {
  const since = performance.now();
  while (performance.now() - since < afterMs && instance.processes().leader !== undefined)
    await new Promise((resolve) => setImmediate(resolve));
  return instance.processes().leader === undefined ? 'gone' : 'lives';
}

/** What whoever listens there says, or the code of the error. */
async function said(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (piece) => (text += String(piece)));
  try {
    await once(socket, 'end');
    return text;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'an error';
  } finally {
    socket.destroy();
  }
}
