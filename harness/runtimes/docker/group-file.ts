/** What the kernel tells of the group that a container is, where this host sees it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A container whose group may have a limit. */
export interface Limited {
  readonly container: string;
  /** Of its first process. */
  readonly pid: number;
}

/** A file of the process's group for cpu or memory, of v1 or v2; undefined when it is not there. */
export function groupFile(pid: number, controller: 'cpu' | 'memory', name: string): string | undefined {
  const groups = `/proc/${pid}/cgroup`;
  if (!existsSync(groups)) return undefined;
  const lines = readFileSync(groups, 'utf8');
  const v1 = new RegExp(`^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$`, 'm').exec(lines)?.[1];
  const v2 = /^0::(.*)$/m.exec(lines)?.[1];
  const folder = v1 === undefined ? path.join('/sys/fs/cgroup', v2 ?? '') : path.join('/sys/fs/cgroup', controller, v1);
  const file = path.join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
