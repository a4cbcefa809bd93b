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

interface Place extends RoutePath {
  readonly worker: PinnedWorker;
}

interface Stale extends Place {
  readonly answer: Answer;
}

/** Which workers have been read: some may end, and others come, while their routes are read. */
class Begun {
  readonly #workers: Workers;
  readonly #routes: () => readonly RoutePath[];
  readonly #begun = new Set<PinnedWorker>();

  constructor(workers: Workers, routes: () => readonly RoutePath[]) {
    this.#workers = workers;
    this.#routes = routes;
  }

  /** What has to be read next: again, what was wrong on workers that are still there; and all of those that are new. */
  next(again: readonly Place[]): readonly Place[] {
    const { all } = this.#workers;
    const fresh = all.filter((worker) => !this.#begun.has(worker));
    for (const worker of fresh) this.#begun.add(worker);
    const places = fresh.flatMap((worker) => this.#routes().map((route) => ({ worker, ...route })));
    return [...again.filter(({ worker }) => all.includes(worker)), ...places];
  }
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
  const begun = new Begun(workers, () => table.watched);
  let places = begun.next([]);
  let reads = 0;
  for (;;) {
    const stale = await staleAmong(places, table, signal);
    reads += places.length;
    places = begun.next(stale);
    if (places.length === 0) {
      recorder.record({ kind: 'converged', afterHealMs: Math.round(recorder.now() - healedAtMs), reads });
      return true;
    }
    if (recorder.now() > deadline) {
      for (const { worker, id, answer } of stale) record(recorder, 'converge', worker, id, table, answer);
      return false;
    }
    await sleep(againMs, undefined, { signal });
  }
}

/** Every route on every worker, once. Right answers of routes that were never written are only counted. */
export async function finalReads({ table, workers }: Reads, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const settled = [...table.settled, ...table.ballast].map(({ id }) => id);
  const untouched = new Set(settled.filter((id) => !table.written(id)));
  const begun = new Begun(workers, () => table.routes);
  let places = begun.next([]);
  let reads = 0;
  for (let left = attempts - 1; places.length > 0; left--) {
    const again: Place[] = [];
    reads += places.length;
    await inBatches(places, async (place) => {
      const { worker, id, path, host } = place;
      const answer = await worker.read(path, signal, host);
      if (answer.got === 'error' && left > 0) {
        again.push(place);
        return;
      }
      const right = answer.got !== 'error' && table.acceptable(id, answer.got);
      if (!right || !untouched.has(id)) record(recorder, 'final', worker, id, table, answer);
    });
    places = begun.next(again);
  }
  recorder.record({ kind: 'sample', metric: 'final-reads', value: reads });
}

async function staleAmong(places: readonly Place[], table: RouteTable, signal: AbortSignal): Promise<readonly Stale[]> {
  const stale: Stale[] = [];
  await inBatches(places, async (place) => {
    const answer = await place.worker.read(place.path, signal, place.host);
    if (answer.got === 'error' || !table.acceptable(place.id, answer.got)) stale.push({ ...place, answer });
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
