/** The last thing that each worker was seen to serve for each route. */
import type { Of } from '../history.ts';
import type { History } from '../../model/history.ts';

export interface LastRead {
  readonly read: Of<'read'>;
  /** Index of its line in the history. */
  readonly index: number;
}

/** One read for each pair of worker and route, the latest of these purposes since a moment, in the order of the pairs' first reads. */
export function lastReads(
  history: History,
  purposes: readonly Of<'read'>['purpose'][],
  since = 0,
): readonly LastRead[] {
  const last = new Map<string, LastRead>();
  history.forEach((read, index) => {
    if (read.kind === 'read' && purposes.includes(read.purpose) && read.atMs >= since)
      last.set(JSON.stringify([read.worker, read.route]), { read, index });
  });
  return [...last.values()];
}

/**
 * Why the reads do not show every written route on every worker; undefined when they do. A worker that nobody saw
 * may be the one that lost a route.
 */
export function gapIn(reads: readonly LastRead[], routes: readonly string[], workers: number): string | undefined {
  if (reads.length === 0) return 'no route was read after the fault';
  const seen = new Map<string, Set<string>>();
  for (const { read } of reads) {
    const routesOfWorker = seen.get(read.worker) ?? new Set<string>();
    seen.set(read.worker, read.got === 'error' ? routesOfWorker : routesOfWorker.add(read.route));
  }
  if (seen.size < workers) return `only ${seen.size} of ${workers} workers were read`;
  for (const [worker, known] of seen) {
    const missing = routes.filter((route) => !known.has(route));
    if (missing.length > 0)
      return `worker ${worker} gave no usable answer for ${missing.length} of ${routes.length} written routes`;
  }
  return undefined;
}
