/** A limit on the cores that processes take together: a group of the kernel's, made when the limit is. */
import type { CpuLimit } from '../model/limits.ts';
import { kernelGroup, whyNoGroups } from './kernel-group.ts';

/** Time over which the kernel counts. Microseconds. */
const periodMicros = 100_000;

export function cpuGroup(runId: string): CpuLimit {
  const group = kernelGroup('cpu', runId);
  return {
    whyNot: () => whyNoGroups('cpu'),
    async set(cores, pids) {
      group.make();
      group.write('cpu.cfs_period_us', periodMicros);
      group.write('cpu.cfs_quota_us', Math.round(cores * periodMicros));
      group.enter(pids);
    },
    throttled() {
      const counts = group.read('cpu.stat');
      return counts === undefined ? undefined : Number(/^nr_throttled (\d+)$/m.exec(counts)?.[1]);
    },
    lift: () => group.remove(),
  };
}
