/** Route changes that etcd acknowledged and that a worker still did not serve at the end, one row for each route. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { History, Observation, Seq } from '../../model/history.ts';
import { arms } from '../../model/plan.ts';
import type { Finding } from '../../model/verdict.ts';
import { markup, type Markup } from './markup.ts';
import { lineOf, place } from './place.ts';
import { table } from './table.ts';
import { faultStart } from './timeline.ts';

type Of<K extends Observation['kind']> = Extract<Observation, { readonly kind: K }>;

interface Placed<T> {
  readonly o: T;
  readonly line: number;
}

/** Undefined when the judge found no update lost. */
export function lostUpdates(findings: readonly Finding[], trials: readonly TrialEvidence[]): Markup | undefined {
  const breaches = findings.filter(({ expectation: e }) => e.kind === 'invariant' && e.oracle === 'no-lost-update');
  const files = new Set(breaches.flatMap(({ evidence }) => evidence.map(({ file }) => file)));
  const rows = trials
    .filter(({ folder }) => files.has(`${folder}/history.ndjson`))
    .toSorted((a, b) => arms.indexOf(b.arm) - arms.indexOf(a.arm) || a.block - b.block)
    .flatMap(rowsOf);
  if (rows.length === 0) return undefined;
  return markup`<h3>Lost updates</h3>
<p>Routes whose last change etcd acknowledged, and which at the end of the trial some worker still served in an older
state. Times count from the start of the fault phase; expected and got are the number of the change that a route
answers with. To read line 74 of a record: <code>sed -n 74p history.ndjson</code>.</p>
${table({
  caption: 'Lost updates by route',
  head: ['route', 'written at', 'revision', 'expected', 'got', 'block, arm', 'line of write', 'lines of reads'],
  rows,
  limit: 20,
  rest: 'trials/*/history.ndjson',
})}`;
}

function rowsOf(trial: TrialEvidence): readonly (readonly (string | Markup | readonly Markup[])[])[] {
  const file = `${trial.folder}/history.ndjson`;
  const writes = lastWrites(trial.history);
  return [...staleReads(trial.history)].map(([route, reads]) => {
    const write = writes.get(route);
    const at = write === undefined ? '?' : `${((write.invokedAtMs - faultStart(trial)) / 1_000).toFixed(2)} s`;
    return [
      route,
      at,
      write?.ok.o.revision ?? '?',
      shown(write?.ok.o.seq ?? null),
      answers(reads.map(({ o }) => o)),
      place(file, undefined, `${trial.block}, ${trial.arm}`),
      write === undefined ? '?' : lineOf(file, write.ok.line),
      reads.map(({ line }, i) => markup`${i === 0 ? '' : ', '}${lineOf(file, line)}`),
    ];
  });
}

/** `67 (worker 1, 2)`: what was served, and by whom. */
function answers(reads: readonly Of<'read'>[]): string {
  const workers = Map.groupBy(reads, ({ got }) => shown(got));
  return [...workers]
    .map(
      ([got, by]) =>
        `${got} (worker ${by
          .map(({ worker }) => worker)
          .toSorted()
          .join(', ')})`,
    )
    .join(', ');
}

function shown(seq: Seq | 'error'): string {
  return seq === null ? 'absent' : String(seq);
}

interface Write {
  readonly ok: Placed<Of<'write'>>;
  readonly invokedAtMs: number;
}

/** The last acknowledged write of every route. */
function lastWrites(history: History): ReadonlyMap<string, Write> {
  const invoked = new Map<string, number>();
  const writes = new Map<string, Write>();
  history.forEach((o, i) => {
    if (o.kind !== 'write') return;
    if (o.edge === 'invoke') invoked.set(o.route, o.atMs);
    if (o.edge === 'ok') writes.set(o.route, { ok: { o, line: i + 1 }, invokedAtMs: invoked.get(o.route) ?? o.atMs });
  });
  return writes;
}

/** Each worker's last read of a written route, where it is neither the last acknowledged state nor a possible one. */
function staleReads(history: History): ReadonlyMap<string, readonly Placed<Of<'read'>>[]> {
  const possible = new Set<string>();
  const last = new Map<string, Placed<Of<'read'>>>();
  history.forEach((o, i) => {
    if (o.kind === 'write' && o.edge === 'unknown') possible.add(JSON.stringify([o.route, o.seq]));
    if (o.kind === 'read' && o.purpose === 'final') last.set(JSON.stringify([o.worker, o.route]), { o, line: i + 1 });
  });
  const stale = [...last.values()].filter(
    ({ o }) => o.got !== 'error' && o.got !== o.expected && !possible.has(JSON.stringify([o.route, o.got])),
  );
  return Map.groupBy(stale, ({ o }) => o.route);
}
