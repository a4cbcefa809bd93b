/** Looks again at changes that every worker has shown: none may be undone. */
import type { Recorder, Seq } from '../model/history.ts';
import { recheckedSample } from '../model/rechecks.ts';
import type { RouteTable } from '../model/route-table.ts';
import type { Workers } from './workers.ts';

/** Changes that are looked at each time, in turn, and how often. Milliseconds. */
const atOnce = 4;
const everyMs = 100;

export interface Rechecks {
  add(seen: { readonly route: string; readonly seq: Seq }): void;
  /** Looks again if it is time to; records what is not as it was. Resolves to the number of reads. */
  look(signal: AbortSignal): Promise<number>;
  /** Records how many reads there were. */
  end(): void;
}

export function rechecks(
  { table, workers }: { readonly table: RouteTable; readonly workers: Workers },
  recorder: Recorder,
): Rechecks {
  const seen = new Map<string, Seq>();
  let [turn, reads, lookedAt] = [0, 0, 0];
  const stands = (route: string): boolean => seen.has(route) && table.expected(route) === seen.get(route);
  return {
    add: ({ route, seq }) => void seen.set(route, seq),
    async look(signal) {
      if (recorder.now() - lookedAt < everyMs) return 0;
      lookedAt = recorder.now();
      // What is being changed once more may be in either state.
      const standing = [...seen.keys()].filter(stands);
      const some = new Set(standing.map((_, index) => standing[(turn + index) % standing.length]).slice(0, atOnce));
      turn += atOnce;
      const pairs = workers.all.flatMap((worker) => [...some].map((route = '') => ({ worker, route })));
      await Promise.all(
        pairs.map(async ({ worker, route }) => {
          const { got } = await worker.read(table.pathOf(route), signal, table.hostOf(route).host);
          if (got === 'error' || !stands(route) || table.acceptable(route, got)) return;
          const expected = table.expected(route);
          recorder.record({ kind: 'read', purpose: 'again', worker: worker.name, route, expected, got });
        }),
      );
      reads += pairs.length;
      return pairs.length;
    },
    end: () => recorder.record({ kind: 'sample', metric: recheckedSample, value: reads }),
  };
}
