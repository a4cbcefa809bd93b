/** Processor time from /proc, for a process with all its children. */
import { readFileSync, readdirSync } from 'node:fs';

/** Linux counts in ticks of 10 ms. */
const ticksPerSecond = 100;

/** User and system time of the process and of its living descendants. Seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may contain spaces; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

/** Time on a core of the process's living threads, to the nanosecond: ticks are too coarse for what is nearly idle. Seconds. */
export function threadSeconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds / 1e9, 0);
}

function childrenOf(pid: number): readonly number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

/** Time that processes spent on a core since boot; interrupts, which have no process, are left out. Seconds. */
export function coreSeconds(core: number): number {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  if (line === undefined) throw new Error(`/proc/stat does not know core ${core}`);
  const [user = 0, nice = 0, system = 0] = line.split(' ').map(Number);
  return (user + nice + system) / ticksPerSecond;
}
