/**
 * A limit on the memory that processes hold together. What a process holds stays on the account of the group in which it got
 * it (kernels of today move no memory from one to another): so whatever is to be limited later is counted from its start.
 */
import { HarnessError } from '../model/errors.ts';
import type { MemoryLimit } from '../model/limits.ts';
import { kernelGroup, whyNoGroups } from './kernel-group.ts';

/** The kernel tells a number near 2^63 where there is no limit. */
const unlimitedBytes = 2 ** 60;

const files = {
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  reached: 'memory.failcnt',
  killed: 'memory.oom_control',
  swappiness: 'memory.swappiness',
} as const;

export interface CountedMemory extends MemoryLimit {
  /** From now on what it takes is counted, and what all take that it starts. */
  count(pid: number): void;
  /** When all of them have ended. */
  remove(): Promise<void>;
}

export function memoryGroup(runId: string): CountedMemory {
  const group = kernelGroup('memory', runId);
  let killedBefore = 0;
  const bytes = (file: string): number | undefined => {
    const text = group.read(file);
    return text === undefined ? undefined : Number(text);
  };
  const killed = (): number => Number(/^oom_kill (\d+)$/m.exec(group.read(files.killed) ?? '')?.[1] ?? 0);
  return {
    count(pid) {
      group.make();
      // Else what is too much goes to the swap. A limit with swap would keep it out of there too, but be asked before
      // the other one: then the kernel counts no time that this one is reached.
      group.write(files.swappiness, 0);
      group.enter([pid]);
    },
    remove: () => group.remove(),
    whyNot() {
      const none = bytes(files.usage) === undefined;
      return whyNoGroups('memory') ?? (none ? 'the memory of no process is counted in this trial' : undefined);
    },
    async set(moreBytes, pids) {
      const members = group.members();
      if (!pids.some((pid) => members.includes(pid)))
        throw new HarnessError('FAULT_NOT_CONFIRMED', 'the memory of none of these processes is counted');
      killedBefore = killed();
      group.write(files.reached, 0);
      group.write(files.limit, (bytes(files.usage) ?? 0) + Math.round(moreBytes));
    },
    state() {
      const limitBytes = bytes(files.limit);
      if (limitBytes === undefined || limitBytes >= unlimitedBytes) return undefined;
      return { limitBytes, reached: bytes(files.reached) ?? 0, killed: killed() - killedBefore };
    },
    async lift() {
      if (bytes(files.limit) !== undefined) group.write(files.limit, -1);
    },
  };
}
