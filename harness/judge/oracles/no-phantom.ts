/** Nothing is served that was never written to that route: another route's state, or a write that surely failed. */
import type { History } from '../../model/history.ts';
import { samples } from '../../model/samples.ts';
import { type Of, pointer } from '../history.ts';
import type { Oracle } from './oracle.ts';
import { writeOperations } from '../write-operations.ts';

export const noPhantom: Oracle = {
  breaks: 'serves what nobody wrote',
  counted: (count) =>
    `${count} ${count === '1' ? 'read' : 'reads'} showed a state that was never written to that route`,
  check(trial, { table }) {
    const { history } = trial;
    const written = writtenTo(history);
    // Every number below stands for the table as it was at the start; which route had which, the record does not say.
    const first = firstAfterStart(history, table.static ?? 0) ?? lowest([...written.values()]);
    let reads = 0;
    const phantoms = history.flatMap((read, index) => {
      if (read.kind !== 'read' || typeof read.got !== 'number') return [];
      reads++;
      const own = written.get(read.route);
      // A route that nobody wrote to has the state that the reader expects, and no other.
      const known = own === undefined ? read.got === read.expected : own.has(read.got);
      // What a fault numbers by itself had no state before, and what it writes as it was, only that one.
      const before = own !== undefined && read.got < first && lowest([own]) >= first;
      return known || before
        ? []
        : [pointer(trial, index, `worker ${read.worker} serves ${read.got} for ${read.route}`)];
    });
    if (phantoms.length > 0) return { state: 'breached', count: phantoms.length, pointers: phantoms };
    return reads > 0 ? { state: 'held' } : { state: 'cannot-tell', why: 'no route was read' };
  },
};

/**
 * The table is numbered from 1 on, and the writer goes on from there. The numbers of faults say nothing: some count from 0, or write
 * routes as they were. Undefined in older records.
 */
function firstAfterStart(history: History, fixed: number): number | undefined {
  const size = history.find((o): o is Of<'sample'> => o.kind === 'sample' && o.metric === samples.tableRoutes)?.value;
  return size === undefined ? undefined : size + fixed + 1;
}

function lowest(written: readonly ReadonlySet<number>[]): number {
  return Math.min(...written.flatMap((seqs) => [...seqs]));
}

/** The states that each route may have been given; not those that etcd refused. */
function writtenTo(history: History): ReadonlyMap<string, ReadonlySet<number>> {
  const written = new Map<string, Set<number>>();
  for (const { route, seq, outcome, again } of writeOperations(history)) {
    // What is written again gives no route a state that it had not.
    if (again) continue;
    const seqs = written.get(route) ?? new Set<number>();
    written.set(route, seqs);
    if (seq !== null && outcome !== 'fail') seqs.add(seq);
  }
  return written;
}
