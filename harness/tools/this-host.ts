/** What this host has for faults. */
import { readFileSync } from 'node:fs';
import type { Host } from '../model/host.ts';

export function thisHost(): Host {
  return { openFiles: openFiles() };
}

/** The hard limit: Node raises its own soft limit to it when it starts. Beyond counting where the kernel tells none. */
function openFiles(): number {
  try {
    const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
