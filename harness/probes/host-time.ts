/** What the host gave and what it took back: the times of all its cores, and the limit of our control group. */
import { existsSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const microsPerSecond = 1_000_000;

export interface HostTime {
  /** Of all cores since the start of the host. Seconds. */
  readonly total: number;
  readonly stolen: number;
  /** Undefined where no control group limits us. */
  readonly throttled: number | undefined;
}

/** Undefined on hosts without /proc. */
export function hostTime(): HostTime | undefined {
  if (!existsSync('/proc/stat')) return undefined;
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user nice system idle iowait irq softirq steal; guest time is in user already.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
  return { total, stolen: (ticks[7] ?? 0) / ticksPerSecond, throttled: throttledSeconds() };
}

/** Only of control groups version 2, where one file says it for all of ours. */
function throttledSeconds(): number | undefined {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    if (own === undefined) return undefined;
    const micros = /^throttled_usec (\d+)$/m.exec(readFileSync(`/sys/fs/cgroup${own}/cpu.stat`, 'utf8'))?.[1];
    return micros === undefined ? undefined : Number(micros) / microsPerSecond;
  } catch {
    return undefined;
  }
}
