/** When each worker served something else than what etcd had acknowledged last, route by route. */
import type { History, Observation, Seq } from '../../model/history.ts';

/** Milliseconds of the trial. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export interface RouteStaleness {
  readonly route: string;
  /** Of its first change that etcd acknowledged. */
  readonly writtenMs: number;
  readonly stale: readonly Interval[];
}

export interface WorkerStaleness {
  readonly worker: string;
  /** For as long as it is known to have been there. */
  readonly seen: Interval;
  /** In the order in which they were first changed. */
  readonly routes: readonly RouteStaleness[];
}

/** From the start of the baseline to the last read: what a map of it shows. */
export function watchedSpan(history: History): Interval {
  const from = history.find((o) => o.kind === 'phase' && o.phase === 'baseline')?.atMs ?? 0;
  const to = history.findLast((o) => o.kind === 'read' || o.kind === 'shown')?.atMs ?? from;
  return { from, to };
}

/** What is known of one route: changes, and what workers showed of it. */
interface Known {
  readonly changes: { readonly atMs: number; readonly seq: Seq }[];
  readonly possible: Set<Seq>;
  readonly looks: { readonly atMs: number; readonly worker: string; readonly fresh: boolean }[];
}

/** `workers`: as many as the gateway has; further names are those of workers that took the place of others. */
export function staleness(history: History, workers: number): readonly WorkerStaleness[] {
  const routes = knownOf(history);
  const span = watchedSpan(history);
  const seen = presence(history, span, workers);
  const written = [...routes].filter(([, { changes }]) => changes.length > 0);
  return [...seen]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([worker, seen]) => ({
      worker,
      seen,
      routes: written.map(([route, known]) => ({
        route,
        writtenMs: known.changes[0]?.atMs ?? span.to,
        stale: staleIntervals(known, worker, seen),
      })),
    }));
}

/** Routes in the order of their first acknowledged change; a change of unknown outcome makes none of them stale. */
function knownOf(history: History): ReadonlyMap<string, Known> {
  const routes = new Map<string, Known>();
  const of = (route: string): Known => {
    const known = routes.get(route) ?? { changes: [], possible: new Set(), looks: [] };
    routes.set(route, known);
    return known;
  };
  for (const o of history) {
    if (o.kind === 'write' && o.edge === 'ok' && o.again !== true) of(o.route).changes.push(o);
    if (o.kind === 'write' && o.edge === 'unknown') of(o.route).possible.add(o.seq);
    if (o.kind !== 'shown' && o.kind !== 'read') continue;
    const known = of(o.route);
    const fresh = isFresh(o, known);
    if (fresh !== undefined) known.looks.push({ atMs: o.atMs, worker: o.worker, fresh });
  }
  return routes;
}

/** Undefined when nothing can be said. */
function isFresh(
  o: Extract<Observation, { readonly kind: 'shown' | 'read' }>,
  { changes, possible }: Known,
): boolean | undefined {
  if (o.kind === 'shown') return o.seq === changes.at(-1)?.seq;
  if (o.got === 'error') return undefined;
  return o.got === o.expected || possible.has(o.got);
}

/** A worker of the first hour is there from the start, also when it shows nothing for long. */
function presence(history: History, span: Interval, workers: number): ReadonlyMap<string, Interval> {
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  const final = new Set<string>();
  for (const o of history) {
    if (o.kind !== 'shown' && o.kind !== 'read') continue;
    if (!first.has(o.worker)) first.set(o.worker, o.atMs);
    last.set(o.worker, o.atMs);
    if (o.kind === 'read' && o.purpose === 'final') final.add(o.worker);
  }
  return new Map(
    [...first].map(([worker, atMs], place) => {
      // One that is not read at the end has ended.
      const to = final.size === 0 || final.has(worker) ? span.to : (last.get(worker) ?? span.to);
      return [worker, { from: place < workers ? span.from : atMs, to }];
    }),
  );
}

function staleIntervals({ changes, looks }: Known, worker: string, seen: Interval): readonly Interval[] {
  const events = [
    ...changes.map(({ atMs }) => ({ atMs, fresh: false })),
    ...looks.filter((look) => look.worker === worker),
  ]
    .filter(({ atMs }) => atMs >= seen.from && atMs <= seen.to)
    .toSorted((a, b) => a.atMs - b.atMs);
  const intervals: Interval[] = [];
  let since: number | undefined;
  for (const { atMs, fresh } of events) {
    if (!fresh) since ??= atMs;
    else if (since !== undefined) {
      intervals.push({ from: since, to: atMs });
      since = undefined;
    }
  }
  if (since !== undefined) intervals.push({ from: since, to: seen.to });
  return intervals;
}
