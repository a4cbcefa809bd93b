/** Processor time and memory of a process with all its descendants, from /proc. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** Linux counts in ticks of 10 ms. */
const ticksPerSecond = 100;
const bytesPerKiB = 1_024;

export interface Usage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** Undefined when the process is not there. Time of descendants that have ended counts, as far as they were waited for. */
export function usageOf(pid: number): Usage | undefined {
  const own = ownUsage(pid);
  if (own === undefined) return undefined;
  return childrenOf(pid)
    .flatMap((child) => usageOf(child) ?? [])
    .reduce((sum, { cpuSeconds, rssBytes }) => {
      return { cpuSeconds: sum.cpuSeconds + cpuSeconds, rssBytes: sum.rssBytes + rssBytes };
    }, own);
}

function ownUsage(pid: number): Usage | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  // The name in parentheses may contain spaces; user and system time, own and of ended children, are 12th to 15th after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const kib = Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return { cpuSeconds: ticks / ticksPerSecond, rssBytes: kib * bytesPerKiB };
}

/** Files and connections that the process and all its descendants have open; undefined when it cannot be seen. */
export function openFilesOf(pid: number): number | undefined {
  try {
    const own = readdirSync(`/proc/${pid}/fd`).length;
    return childrenOf(pid).reduce((sum, child) => sum + (openFilesOf(child) ?? 0), own);
  } catch {
    return undefined;
  }
}

/** Whether it is there, and this host tells who its children are. */
export function isSeen(pid: number): boolean {
  return existsSync(`/proc/${pid}/task/${pid}/children`);
}

/** Those that it has started itself and that are there. */
export function childrenOf(pid: number): readonly number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

/** A process may end between two reads; it then reads as empty. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
