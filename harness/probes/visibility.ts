/** Follows the writer: when does every worker serve what was written? */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../model/history.ts';
import type { RouteTable, Unseen } from '../model/route-table.ts';
import { rechecks } from './rechecks.ts';
import type { PinnedWorker, Workers } from './workers.ts';

/** Shortest pause between two rounds: the resolution of what is measured. Milliseconds. */
const shortestMs = 2;
/** Reads a second over all workers: an outage with many outstanding writes must not turn the probe into load. */
const readsPerSecond = 1_500;

export interface Followed {
  readonly table: RouteTable;
  readonly workers: Workers;
  /** Whether what all have shown is looked at again and again. */
  readonly again: boolean;
}

/** Polls every committed write on every worker until all show it; runs until `signal`. */
export async function followWrites(
  { table, workers, again }: Followed,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<void> {
  const seenBy = new Map<Unseen, Set<PinnedWorker>>();
  const seenBefore = rechecks({ table, workers }, recorder);
  while (!signal.aborted) {
    const { unseen } = table;
    let reads = 0;
    try {
      const looks = await Promise.all(workers.all.map((worker) => look({ worker, unseen, seenBy }, recorder, signal)));
      reads = looks.reduce((sum, each) => sum + each, 0);
      if (again) reads += await seenBefore.look(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      break;
    }
    for (const write of unseen) {
      // Of those that are there now: one that has ended shows nothing any more, and one that is new has to.
      const seen = seenBy.get(write);
      if (seen === undefined || !workers.all.every((worker) => seen.has(worker))) continue;
      const { route, seq, invokedAtMs } = write;
      table.seen(write);
      seenBy.delete(write);
      seenBefore.add({ route, seq });
      const delayMs = Math.round((recorder.now() - invokedAtMs) * 1_000) / 1_000;
      recorder.record({ kind: 'visible', route, seq, delayMs });
    }
    const pauseMs = Math.max(shortestMs, (1_000 * reads) / readsPerSecond);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  if (again) seenBefore.end();
}

interface Look {
  readonly worker: PinnedWorker;
  readonly unseen: readonly Unseen[];
  readonly seenBy: Map<Unseen, Set<PinnedWorker>>;
}

/** Resolves to the number of reads that it took. */
async function look({ worker, unseen, seenBy }: Look, recorder: Recorder, signal: AbortSignal): Promise<number> {
  const notYet = unseen.filter((write) => seenBy.get(write)?.has(worker) !== true);
  await Promise.all(
    notYet.map(async (write) => {
      const { got } = await worker.read(write.path, signal, write.host);
      if (got !== write.seq) return;
      const seen = seenBy.get(write) ?? new Set();
      seenBy.set(write, seen.add(worker));
      recorder.record({ kind: 'shown', worker: worker.name, route: write.route, seq: write.seq });
    }),
  );
  return notYet.length;
}
