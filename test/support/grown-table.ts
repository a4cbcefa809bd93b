/** Turns the synthetic history of a trial of `table-growth` into one in which the table really grows, long enough for a slope. */
import { filledRoute } from '../../harness/model/filled-routes.ts';
import type { History, Observation } from '../../harness/model/history.ts';
import { samples } from '../../harness/model/samples.ts';
import { tableGrowth } from '../../scenarios/routes/table-growth.ts';

/** All times of the synthetic trial are so many times as long. */
const stretched = 6;
const initial = 400;
const [firstSecond, lastSecond] = [7, 36];
const healedAt = 36_300;

/** Routes of the four sizes: what the trial begins with, and what each step adds. */
export const sizes: readonly number[] = [initial, 1_200, 3_600, 10_800];

function injectedAt(step: number): number {
  return 18_600 + 6_000 * step;
}

/** `longestMs` of each second, which ends at that moment; undefined leaves it out, as older records do. */
export function grownTable(
  longestMs: (routes: number, atMs: number) => number | undefined,
): (history: History) => History {
  const seconds = Array.from({ length: lastSecond - firstSecond + 1 }, (_, i): Observation => {
    const atMs = (firstSecond + i) * 1_000;
    const grown = tableGrowth.timeline.filter((_step, step) => injectedAt(step) < atMs).length;
    const maxMs = longestMs(sizes[grown] ?? 0, atMs);
    const counts = { sent: 800, ok: 800, errors: {}, p50Ms: 1, p99Ms: 5 };
    return { kind: 'load', ...counts, ...(maxMs === undefined ? {} : { maxMs }), atMs };
  });
  return (history) => {
    const rest = history.filter(({ kind }) => kind !== 'load' && kind !== 'fault');
    const all: readonly Observation[] = [
      { kind: 'sample', metric: samples.tableRoutes, value: initial, atMs: 1 },
      ...rest.map((o) => ({ ...o, atMs: o.atMs * stretched })),
      ...steps(),
      ...seconds,
    ];
    return all.toSorted((a, b) => a.atMs - b.atMs);
  };
}

/** Each is proven to be in etcd, and shown by every worker a moment later. */
function steps(): readonly Observation[] {
  return tableGrowth.timeline.flatMap(({ fault }, step): readonly Observation[] => {
    const edges = (['inject', 'verified', 'heal', 'healed'] as const).map((edge, i): Observation => {
      const atMs = [injectedAt(step), injectedAt(step) + 50, healedAt, healedAt + 100][i] ?? 0;
      return { kind: 'fault', step, fault, edge, atMs };
    });
    const last = (fault.kind === 'routes.fill' ? fault.routes : 0) - 1;
    const route = filledRoute(step, last);
    return [...edges, { kind: 'visible', route, seq: last + 1, delayMs: 20, atMs: injectedAt(step) + 100 }];
  });
}

/** Whether a second ends so soon after a step that it still tells of its writing. */
export function isSettling(atMs: number): boolean {
  return tableGrowth.timeline.some((_, step) => atMs > injectedAt(step) && atMs < injectedAt(step) + 2_100);
}
