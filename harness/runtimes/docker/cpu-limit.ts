/** A limit on the cores of containers: the engine sets it, and the kernel's group of the container tells what it does. */
import { type Engine, asked } from '../../containers/engine.ts';
import { HarnessError } from '../../model/errors.ts';
import type { CpuLimit } from '../../model/limits.ts';
import { type Limited, groupFile } from './group-file.ts';

/** Time over which the kernel counts. Microseconds. */
const periodMicros = 100_000;

/** `running`: the containers of the trial that run now. */
export function containerCpuLimit(engine: Engine, running: () => readonly Limited[]): CpuLimit {
  /** How often each was held back before its limit was set: the kernel goes on counting. */
  const before = new Map<string, number>();
  const limited = (): readonly Limited[] => running().filter(({ pid }) => quotaOf(pid) !== undefined);
  const update = async ({ container }: Limited, quota: number): Promise<void> => {
    const change = engine.docker.getContainer(container).update({ CpuPeriod: periodMicros, CpuQuota: quota });
    await asked('limit the cores of a container', change, { 404: 'HEAL_FAILED' });
  };
  return {
    whyNot: () =>
      running().every(({ pid }) => throttledOf(pid) !== undefined)
        ? undefined
        : 'this host does not see the groups of the containers, which tell whether a limit holds',
    async set(cores, pids) {
      const meant = running().filter(({ pid }) => pids.includes(pid));
      if (meant.length === 0) throw new HarnessError('FAULT_NOT_CONFIRMED', 'none of these processes runs');
      for (const each of meant) before.set(each.container, throttledOf(each.pid) ?? 0);
      await Promise.all(meant.map((each) => update(each, Math.round(cores * periodMicros))));
    },
    throttled() {
      const counts = limited().map(({ container, pid }) => (throttledOf(pid) ?? 0) - (before.get(container) ?? 0));
      return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
    },
    async lift() {
      await Promise.all(limited().map((each) => update(each, -1)));
    },
  };
}

function throttledOf(pid: number): number | undefined {
  const count = /^nr_throttled (\d+)$/m.exec(groupFile(pid, 'cpu', 'cpu.stat') ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Undefined where there is no limit. */
function quotaOf(pid: number): number | undefined {
  const text = groupFile(pid, 'cpu', 'cpu.cfs_quota_us') ?? groupFile(pid, 'cpu', 'cpu.max') ?? '';
  const quota = Number.parseInt(text, 10);
  return quota > 0 ? quota : undefined;
}
