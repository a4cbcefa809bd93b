/** Groups of the kernel's (cgroup v1), made for one trial: the processes in one share a limit. */
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

const controllers = ['cpu', 'memory'] as const;
export type Controller = (typeof controllers)[number];

const root = '/sys/fs/cgroup';
/** A group whose last process has left can be removed a moment later. Milliseconds. */
const removedWithinMs = 2_000;

let groups = 0;

export interface KernelGroup {
  /** Where it is not there yet. */
  make(): void;
  /** Takes these in, with all that they will start. */
  enter(pids: readonly number[]): void;
  members(): readonly number[];
  write(file: string, value: number): void;
  /** Undefined when the group has no such file, or is not there. */
  read(file: string): string | undefined;
  /** Sends its members to where this process is, and removes it. Idempotent; rejects with HEAL_FAILED. */
  remove(): Promise<void>;
}

export function kernelGroup(controller: Controller, runId: string): KernelGroup {
  const home = homeOf(controller);
  const group = path.join(home, `gatecrash-${runId}-${groups++}`);
  const read = (file: string): string | undefined => {
    const there = path.join(group, file);
    return existsSync(there) ? readFileSync(there, 'utf8') : undefined;
  };
  const members = (): readonly number[] => (read('cgroup.procs') ?? '').split('\n').filter(Boolean).map(Number);
  return {
    make: () => void mkdirSync(group, { recursive: true }),
    enter(pids) {
      for (const pid of pids) moveTo(group, pid);
    },
    members,
    write: (file, value) => writeFileSync(path.join(group, file), String(value)),
    read,
    async remove() {
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

export interface LeftGroup {
  readonly group: string;
  readonly runId: string;
}

/** Groups of runs, with their run: what a killed harness has left. */
export function leftGroups(): readonly LeftGroup[] {
  const found = controllers.flatMap((controller) => globSync(`${path.join(root, controller)}/**/gatecrash-*`));
  return found.flatMap((group) => {
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

/** Why this host can make no such groups; undefined when it can. */
export function whyNoGroups(controller: Controller): string | undefined {
  const home = homeOf(controller);
  const file = path.join(home, 'cgroup.procs');
  if (!existsSync(file)) return `this host has no cgroup v1 for ${controller} at ${path.join(root, controller)}`;
  try {
    accessSync(file, constants.W_OK);
    return undefined;
  } catch {
    return `this user may make no groups in ${home}`;
  }
}

function moveTo(group: string, pid: number): void {
  try {
    writeFileSync(path.join(group, 'cgroup.procs'), String(pid));
  } catch (error) {
    // It has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The group that this process is in, in which others can be made. */
function homeOf(controller: Controller): string {
  return path.join(root, controller, ownGroup(controller));
}

/** Of this process, below the root. */
function ownGroup(controller: Controller): string {
  if (!existsSync('/proc/self/cgroup')) return '/';
  const own = new RegExp(`^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$`, 'm');
  return own.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
}
