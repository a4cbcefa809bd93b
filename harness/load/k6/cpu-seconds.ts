/** Processor time of a process since it began, all threads together, from /proc. */
import { readFileSync } from 'node:fs';

/** Linux counts in ticks of 10 ms. */
const ticksPerSecond = 100;

/** 0 when the process is not there. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may contain spaces; user and system time are 12th and 13th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return 0;
  }
}
