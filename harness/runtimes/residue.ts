/** Finds processes of runs by what /proc says, never by memory: a killed harness remembers nothing. */
import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that every process of a run carries and passes on to its children. */
export const runLabel = 'GATECRASH_RUN';

export interface Leftover {
  readonly pid: number;
  readonly runId: string;
  readonly command: string;
}

/** Living processes that carry a run's label; all runs when `runId` is undefined. */
export function labelled(runId?: string): readonly Leftover[] {
  const found: Leftover[] = [];
  for (const pid of pids()) {
    if (pid === process.pid || isShell(pid)) continue;
    const label = read(pid, 'environ')
      .split('\0')
      .find((entry) => entry.startsWith(`${runLabel}=`));
    const owner = label?.slice(runLabel.length + 1);
    if (owner === undefined || owner === '' || (runId !== undefined && owner !== runId)) continue;
    found.push({ pid, runId: owner, command: read(pid, 'cmdline').split('\0').join(' ').trim() });
  }
  return found;
}

/** Ends it at once, or asks it to end by another signal; one that has ended by itself is no mistake. */
export function end({ pid }: Pick<Leftover, 'pid'>, by: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, by);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Living members of a process group. Zombies do not count: they hold nothing. */
export function groupMembers(group: number): readonly number[] {
  return pids().filter((pid) => processGroup(pid) === group && !isShell(pid));
}

/** Living processes that this one has started itself, oldest first. */
export function childrenOf(parent: number): readonly number[] {
  return pids()
    .filter((pid) => Number(fields(pid)[1]) === parent && state(pid) !== 'Z')
    .toSorted((one, other) => startedAt(one) - startedAt(other) || one - other);
}

/** In ticks of the clock, since the host was started. */
function startedAt(pid: number): number {
  return Number(fields(pid)[19]);
}

/** The kernel tells times of processes in these, whatever it counts in itself. */
const ticksPerSecond = 100;

/** When it was started, in milliseconds as of `Date.now()`; NaN when there is no such process. */
export function startedMs(pid: number): number {
  const bootSeconds = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
  return 1_000 * (bootSeconds + startedAt(pid) / ticksPerSecond);
}

/** Whether a process stands still, by SIGSTOP. */
export function standsStill(pid: number): boolean {
  return state(pid) === 'T';
}

/** Whether a process of that id lives. */
export function alive(pid: number): boolean {
  return state(pid) !== undefined && !isShell(pid);
}

function pids(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Of /proc/<pid>/stat: how many threads the process has. */
const threadsField = 17;

/** Fields of /proc/<pid>/stat after the command name, which may itself hold spaces and brackets. */
function fields(pid: number): readonly string[] {
  const stat = read(pid, 'stat');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function state(pid: number): string | undefined {
  return fields(pid)[0] || undefined;
}

/**
 * Whether it has ended and holds nothing any more. Its first thread is a zombie a moment earlier: while another thread is on
 * its way out, all ports and files of the process are still open.
 */
function isShell(pid: number): boolean {
  const own = fields(pid);
  return own[0] === 'Z' && Number(own[threadsField]) <= 1;
}

function processGroup(pid: number): number {
  return Number(fields(pid)[2]);
}

/** A process may vanish between listing and reading; it then reads as empty. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
