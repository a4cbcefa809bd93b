/** Reads the route table on every worker: until it is right, and once more at the end, whole. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../model/history.ts';
import type { RoutePath, RouteTable } from '../model/route-table.ts';
import type { Answer, PinnedWorker, Workers } from './workers.ts';

/** Pause before what was stale is read again. Milliseconds. */
const againMs = 25;
/** Reads asked for at once on one worker. */
const batch = 200;
/** Times that a final read is tried: a lost connection would leave whole batches of them unsaid. */
const attempts = 3;

export interface Reads {
  readonly table: RouteTable;
  readonly workers: Workers;
}

export interface Convergence extends Reads {
  readonly healedAtMs: number;
  readonly withinMs: number;
}

interface Stale {
  readonly worker: PinnedWorker;
  readonly route: string;
  readonly answer: Answer;
}

interface Place extends RoutePath {
  readonly worker: PinnedWorker;
}

/**
 * Reads every watched route on every worker, stale ones again and again, until all are right or the time is over. Records
 * `converged`, or the stale reads that were left. Resolves to whether it converged.
 */
export async function awaitConvergence(
  { table, workers, healedAtMs, withinMs }: Convergence,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = recorder.now() + withinMs;
  let places = placesOf(table.watched, workers);
  let reads = 0;
  for (;;) {
    const stale = await staleAmong(places, table, signal);
    reads += places.length;
    if (stale.length === 0) {
      recorder.record({ kind: 'converged', afterHealMs: Math.round(recorder.now() - healedAtMs), reads });
      return true;
    }
    if (recorder.now() > deadline) {
      for (const { worker, route, answer } of stale) record(recorder, 'converge', worker, route, table, answer);
      return false;
    }
    places = stale.map(({ worker, route }) => ({ worker, id: route, path: table.pathOf(route) }));
    await sleep(againMs, undefined, { signal });
  }
}

/** Every route on every worker, once. Right answers of routes that were never written are only counted. */
export async function finalReads({ table, workers }: Reads, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const settled = [...table.settled, ...table.ballast].map(({ id }) => id);
  const untouched = new Set(settled.filter((id) => !table.written(id)));
  let places = placesOf(table.routes, workers);
  let reads = 0;
  for (let left = attempts - 1; places.length > 0; left--) {
    const again: Place[] = [];
    reads += places.length;
    await inBatches(places, async (place) => {
      const { worker, id, path } = place;
      const answer = await worker.read(path, signal);
      if (answer.got === 'error' && left > 0) {
        again.push(place);
        return;
      }
      const right = answer.got !== 'error' && table.acceptable(id, answer.got);
      if (!right || !untouched.has(id)) record(recorder, 'final', worker, id, table, answer);
    });
    places = again;
  }
  recorder.record({ kind: 'sample', metric: 'final-reads', value: reads });
}

function placesOf(routes: readonly RoutePath[], workers: Workers): readonly Place[] {
  return workers.all.flatMap((worker) => routes.map((route) => ({ worker, ...route })));
}

async function staleAmong(places: readonly Place[], table: RouteTable, signal: AbortSignal): Promise<readonly Stale[]> {
  const stale: Stale[] = [];
  await inBatches(places, async ({ worker, id, path }) => {
    const answer = await worker.read(path, signal);
    if (answer.got === 'error' || !table.acceptable(id, answer.got)) stale.push({ worker, route: id, answer });
  });
  return stale;
}

/** Bounded batches per worker, workers side by side. */
async function inBatches(places: readonly Place[], read: (place: Place) => Promise<void>): Promise<void> {
  const byWorker = Map.groupBy(places, ({ worker }) => worker);
  await Promise.all(
    [...byWorker.values()].map(async (own) => {
      for (let start = 0; start < own.length; start += batch)
        await Promise.all(own.slice(start, start + batch).map(read));
    }),
  );
}

function record(
  recorder: Recorder,
  purpose: 'converge' | 'final',
  worker: PinnedWorker,
  route: string,
  table: RouteTable,
  answer: Answer,
): void {
  const seen = {
    kind: 'read',
    purpose,
    worker: worker.name,
    route,
    expected: table.expected(route),
    got: answer.got,
  } as const;
  recorder.record(answer.got === 'error' ? { ...seen, detail: answer.detail } : seen);
}
