/** A limit on the files that each of some processes may have open: the kernel's soft one, which can be raised again. */
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { HarnessError } from '../model/errors.ts';
import type { FileLimit } from '../model/limits.ts';
import { alive } from './residue.ts';

const run = promisify(execFile);

interface Limits {
  readonly limit: number;
  readonly before: number;
}

/** `whyNot`: why the ids of the processes are not those of this host. */
export function fileLimit(whyNot: () => string | undefined): FileLimit {
  const limited = new Map<number, Limits>();
  return {
    whyNot,
    async set(pids) {
      for (const pid of pids) {
        const [before, limit] = [softLimit(pid), lowestFree(pid)];
        // One that has ended opens nothing any more.
        if (before === undefined || limit === undefined) continue;
        limited.set(pid, { limit, before });
        await setSoftLimit(pid, limit);
      }
    },
    full() {
      if (limited.size === 0) return undefined;
      return [...limited].flatMap(([pid, { limit }]) => ((lowestFree(pid) ?? -1) >= limit ? [pid] : []));
    },
    async lift(pids) {
      const most = Math.max(...[...limited.values()].map(({ before }) => before));
      // Whoever was started meanwhile may have the limit of the one that started it.
      if (limited.size > 0) for (const pid of pids) await setSoftLimit(pid, limited.get(pid)?.before ?? most);
      limited.clear();
    },
  };
}

/** What the process may have open; undefined when it has ended. */
function softLimit(pid: number): number | undefined {
  try {
    const told = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
    return told === undefined ? undefined : Number(told);
  } catch {
    return undefined;
  }
}

/** The number that its next file gets, which has to be below the limit; undefined when it has ended. */
function lowestFree(pid: number): number | undefined {
  try {
    const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
    let number = 0;
    while (open.has(number)) number++;
    return number;
  } catch {
    return undefined;
  }
}

async function setSoftLimit(pid: number, limit: number): Promise<void> {
  try {
    await run('prlimit', ['--pid', String(pid), `--nofile=${limit}:`]);
  } catch (cause) {
    if (!alive(pid)) return;
    throw new HarnessError('FAULT_NOT_CONFIRMED', `the limit of process ${pid} cannot be set: ${String(cause)}`, {
      cause,
    });
  }
}
