/** A limit on the cores that processes take together: a group of the kernel's (cgroup v1), made for one trial. */
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../model/errors.ts';
import type { CpuLimit } from '../model/cpu-limit.ts';

const root = '/sys/fs/cgroup/cpu';
/** Time over which the kernel counts. Microseconds. */
const periodMicros = 100_000;
/** A group whose last process has left can be removed a moment later. Milliseconds. */
const removedWithinMs = 2_000;

let groups = 0;

export function cpuGroup(runId: string): CpuLimit {
  const home = path.join(root, ownGroup());
  const group = path.join(home, `gatecrash-${runId}-${groups++}`);
  const write = (file: string, value: number): void => writeFileSync(path.join(group, file), String(value));
  const members = (): readonly string[] =>
    existsSync(group) ? readFileSync(path.join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean) : [];
  return {
    whyNot: () => whyNot(home),
    async set(cores, pids) {
      mkdirSync(group, { recursive: true });
      write('cpu.cfs_period_us', periodMicros);
      write('cpu.cfs_quota_us', Math.round(cores * periodMicros));
      for (const pid of pids) write('cgroup.procs', pid);
    },
    throttled() {
      if (!existsSync(group)) return undefined;
      return Number(/^nr_throttled (\d+)$/m.exec(readFileSync(path.join(group, 'cpu.stat'), 'utf8'))?.[1]);
    },
    async lift() {
      const deadline = performance.now() + removedWithinMs;
      while (existsSync(group)) {
        // Again and again: one of them may start another meanwhile.
        for (const pid of members()) moveTo(home, pid);
        if (removed(group)) return;
        if (performance.now() > deadline) throw new HarnessError('HEAL_FAILED', `${group} cannot be removed`);
        await sleep(5);
      }
    },
  };
}

/** Groups of runs, with their run: what a killed harness has left. */
export function leftCpuGroups(): readonly { readonly group: string; readonly runId: string }[] {
  return globSync(`${root}/**/gatecrash-*`).flatMap((group) => {
    const runId = /^gatecrash-(.+)-\d+$/.exec(path.basename(group))?.[1];
    return runId === undefined ? [] : [{ group, runId }];
  });
}

/** Whether it is gone; not while a process is in it. */
export function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

function moveTo(group: string, pid: string): void {
  try {
    writeFileSync(path.join(group, 'cgroup.procs'), pid);
  } catch (error) {
    // It has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Of this process, below the root. */
function ownGroup(): string {
  if (!existsSync('/proc/self/cgroup')) return '/';
  return /^\d+:(?:.*,)?cpu(?:,.*)?:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
}

/** Why this host can limit no cores; undefined when it can. */
export function whyNoCpuLimit(): string | undefined {
  return whyNot(path.join(root, ownGroup()));
}

function whyNot(home: string): string | undefined {
  const file = path.join(home, 'cgroup.procs');
  if (!existsSync(file)) return `this host has no cgroup v1 for cpu at ${root}`;
  try {
    accessSync(file, constants.W_OK);
    return undefined;
  } catch {
    return `this user may make no groups in ${home}`;
  }
}
