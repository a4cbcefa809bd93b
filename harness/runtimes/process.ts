/**
 * Workloads as processes of this host. Each leads a process group of its own and carries the run's id in its
 * environment, so that whatever it started can be found and ended without remembering it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../model/errors.ts';
import type { Instance, Processes, Receiver, Runtime, Workload } from '../model/ports.ts';
import { cpuGroup } from './cpu-group.ts';
import { fileLimit } from './file-limit.ts';
import { freePort } from './free-port.ts';
import { logTail } from './log-tail.ts';
import { memoryGroup } from './memory-group.ts';
import { childrenOf, groupMembers, runLabel, standsStill } from './residue.ts';

/** How long a killed group may take to vanish before it counts as residue. */
const goneWithinMs = 5_000;

export interface ProcessRuntimeOptions {
  readonly runId: string;
  /** Folder for `<name>.log`. */
  readonly logs: string;
  /** Told before anything can go wrong with the new process, so that it can be journalled. */
  readonly onLaunch: (name: string, pid: number) => void;
  /** How many ports may be asked for once something runs, for a runtime that has to know. */
  readonly laterPorts?: number;
}

export function processRuntime(options: ProcessRuntimeOptions): Runtime {
  mkdirSync(options.logs, { recursive: true });
  const memory = memoryGroup(options.runId);
  return {
    kind: 'process',
    freePort,
    cpuLimit: cpuGroup(options.runId),
    memoryLimit: memory,
    fileLimit: fileLimit(() => undefined),
    firewall: undefined,
    async launch(workload, signal) {
      signal.throwIfAborted();
      const log = path.join(options.logs, `${workload.name}.log`);
      const child = await started(workload, log, options.runId);
      options.onLaunch(workload.name, child.pid);
      const instance = instanceOf(workload.name, child, log);
      if (workload.counted === true) await orEnded(instance, () => memory.count(child.pid));
      return instance;
    },
    seesRefusals: async () => true,
    [Symbol.asyncDispose]: () => memory.remove(),
  };
}

type Started = ChildProcess & { readonly pid: number };

async function started(workload: Workload, log: string, runId: string): Promise<Started> {
  const output = openSync(log, 'a');
  try {
    const child = spawn(workload.command, [...workload.args], {
      // stdin stays a pipe: a workload that watches it notices the death of the harness.
      stdio: ['pipe', workload.output === undefined ? output : 'pipe', output],
      detached: true,
      env: { ...process.env, ...workload.env, [runLabel]: runId },
      ...(workload.cwd === undefined ? {} : { cwd: workload.cwd }),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    if (workload.output !== undefined) child.stdout?.on('data', workload.output);
    return child as Started;
  } catch (cause) {
    throw new HarnessError('PROCESS_DIED', `${workload.name} could not be started: ${workload.command}`, { cause });
  } finally {
    closeSync(output);
  }
}

function instanceOf(name: string, child: Started, log: string): Instance {
  let disposed = false;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`));
  });
  const died = new Promise<never>((_resolve, reject) => {
    void exited.then((how) => {
      if (disposed) return;
      const words = `${name} ended by itself with ${how}; its last lines:\n${logTail(log, 8)}`;
      reject(new HarnessError('PROCESS_DIED', words, { workload: name }));
    });
  });
  died.catch(() => undefined);
  return {
    name,
    pid: child.pid,
    died,
    logTail: (lines = 20) => logTail(log, lines),
    signal: (signal, to = 'leader') => send(child, signal, to),
    processes: () => processesOf(child.pid),
    async [Symbol.asyncDispose]() {
      disposed = true;
      send(child, 'SIGKILL', 'group');
      await exited;
      await groupGone(name, child.pid);
    },
  };
}

/** What cannot be had as it was asked for is not left running. */
async function orEnded(instance: Instance, act: () => void): Promise<void> {
  try {
    act();
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    throw error;
  }
}

function processesOf(leader: number): Processes {
  const group = groupMembers(leader);
  return {
    leader: group.find((pid) => pid === leader),
    children: childrenOf(leader),
    group,
    stopped: group.filter(standsStill),
  };
}

function send(child: Started, signal: NodeJS.Signals, to: Receiver): void {
  // By its handle, which knows when it has ended: the id may by then be another's.
  if (to === 'leader') return void child.kill(signal);
  try {
    process.kill(to === 'group' ? -child.pid : to, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function groupGone(name: string, leader: number): Promise<void> {
  const deadline = performance.now() + goneWithinMs;
  while (groupMembers(leader).length > 0) {
    if (performance.now() > deadline) {
      const left = groupMembers(leader).join(', ');
      throw new HarnessError('RESIDUE', `${name} left processes behind: ${left}`, { hint: 'run gatecrash clean' });
    }
    await sleep(5);
  }
}
