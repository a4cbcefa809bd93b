/** The processes of a container as this host sees them, where it does: on the host of the engine, through `/proc`. */
import { readFileSync } from 'node:fs';
import { type Processes, unseen } from '../../model/ports.ts';
import { alive, childrenOf, standsStill } from '../residue.ts';

/** The id by which this host knows the first process of the container; `unseen` when the engine's ids are not ours. */
export function pidHere(container: string, pid: number): number {
  return isOf(container, pid) ? pid : unseen;
}

/** Whether that process is in the container: an id may by now be another's. */
export function isOf(container: string, pid: number): boolean {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(container);
  } catch {
    return false;
  }
}

/**
 * All processes of a container descend from its first one, and end with it: the kernel sees to both. `leader`: that one, as
 * this host knows it.
 */
export function processesIn(container: string, leader: number): Processes {
  if (!isOf(container, leader) || !alive(leader)) return { leader: undefined, children: [], group: [], stopped: [] };
  const children = childrenOf(leader);
  const group = [leader, ...children.flatMap(family)];
  return { leader, children, group, stopped: group.filter(standsStill) };
}

function family(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(family)];
}
