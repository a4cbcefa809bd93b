/** A limit on the memory of containers: the engine sets it, and the kernel's group of the container tells what it does. */
import { totalmem } from 'node:os';
import { type Engine, asked } from '../../containers/engine.ts';
import { HarnessError } from '../../model/errors.ts';
import type { MemoryLimit, MemoryPressure } from '../../model/limits.ts';
import { type Limited, groupFile } from './group-file.ts';

/** Names of v1 and v2 for the same. */
const files = {
  limit: ['memory.limit_in_bytes', 'memory.max'],
  usage: ['memory.usage_in_bytes', 'memory.current'],
  killed: ['memory.oom_control', 'memory.events'],
} as const;

/**
 * What may go to the swap: else all that is too much does. With none the limit with swap would be as low as the other and be
 * asked before it: a kernel with v1 then counts no time that this one is reached.
 */
const swapBytes = 1_048_576;

type Counts = Omit<MemoryPressure, 'limitBytes'>;

const none: Counts = { reached: 0, killed: 0 };

/** `running`: the containers of the trial that run now. */
export function containerMemoryLimit(engine: Engine, running: () => readonly Limited[]): MemoryLimit {
  /** Of each before its limit was set: the kernel goes on counting. */
  const before = new Map<string, Counts>();
  const limited = (): readonly Limited[] => running().filter(({ pid }) => limitOf(pid) !== undefined);
  const update = async ({ container }: Limited, bytes: number, withSwap: number): Promise<void> => {
    const change = engine.docker.getContainer(container).update({ Memory: bytes, MemorySwap: withSwap });
    await asked('limit the memory of a container', change, { 404: 'HEAL_FAILED' });
  };
  return {
    whyNot: () =>
      running().every(({ pid }) => told(pid, files.usage) !== undefined)
        ? undefined
        : 'this host does not see the groups of the containers, which tell whether a limit holds',
    async set(moreBytes, pids) {
      const meant = running().filter(({ pid }) => pids.includes(pid));
      if (meant.length === 0) throw new HarnessError('FAULT_NOT_CONFIRMED', 'none of these processes runs');
      for (const each of meant) before.set(each.container, countsOf(each.pid));
      await Promise.all(
        meant.map((each) => {
          const limit = Math.round(Number(told(each.pid, files.usage)) + moreBytes);
          return update(each, limit, limit + swapBytes);
        }),
      );
    },
    state() {
      const all = limited().map(({ container, pid }): MemoryPressure => {
        const [now, then] = [countsOf(pid), before.get(container) ?? none];
        return {
          limitBytes: limitOf(pid) ?? 0,
          reached: now.reached - then.reached,
          killed: now.killed - then.killed,
        };
      });
      return all.length === 0 ? undefined : all.reduce(together);
    },
    async lift() {
      // An engine takes no limit back: one as high as all there is limits nothing. It does not even pass on -1, and the
      // kernel takes no limit above the one with swap.
      await Promise.all(limited().map((each) => update(each, totalmem(), Number.MAX_SAFE_INTEGER)));
    },
  };
}

function together(one: MemoryPressure, other: MemoryPressure): MemoryPressure {
  return {
    limitBytes: one.limitBytes + other.limitBytes,
    reached: one.reached + other.reached,
    killed: one.killed + other.killed,
  };
}

/** Undefined where there is none, or one beyond what the host has. */
function limitOf(pid: number): number | undefined {
  const limit = Number(told(pid, files.limit));
  return limit < totalmem() ? limit : undefined;
}

function countsOf(pid: number): Counts {
  const [, reached = told(pid, ['memory.failcnt'])] =
    /^max (\d+)$/m.exec(groupFile(pid, 'memory', 'memory.events') ?? '') ?? [];
  const [, killed = 0] = /^oom_kill (\d+)$/m.exec(told(pid, files.killed) ?? '') ?? [];
  return { reached: Number(reached ?? 0), killed: Number(killed) };
}

function told(pid: number, names: readonly string[]): string | undefined {
  const texts = names.map((name) => groupFile(pid, 'memory', name));
  return texts.find((text) => text !== undefined)?.trim();
}
