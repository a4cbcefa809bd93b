/** Nothing is served that was never written to that route: another route's state, or a write that surely failed. */
import type { History } from '../../model/history.ts';
import { pointer } from '../history.ts';
import type { Oracle } from './oracle.ts';
import { writeOperations } from '../write-operations.ts';

export const noPhantom: Oracle = {
  breaks: 'serves what nobody wrote',
  counted: (count) =>
    `${count} ${count === '1' ? 'read' : 'reads'} showed a state that was never written to that route`,
  check(trial) {
    const { history } = trial;
    const written = writtenTo(history);
    // Every number below stands for the table as it was at the start, of which the record says nothing.
    const first = Math.min(...[...written.values()].flatMap((seqs) => [...seqs]));
    let reads = 0;
    const phantoms = history.flatMap((read, index) => {
      if (read.kind !== 'read' || typeof read.got !== 'number') return [];
      reads++;
      const own = written.get(read.route);
      // A route that nobody wrote to has the state that the reader expects, and no other.
      const known = own === undefined ? read.got === read.expected : read.got < first || own.has(read.got);
      return known ? [] : [pointer(trial, index, `worker ${read.worker} serves ${read.got} for ${read.route}`)];
    });
    if (phantoms.length > 0) return { state: 'breached', count: phantoms.length, pointers: phantoms };
    return reads > 0 ? { state: 'held' } : { state: 'cannot-tell', why: 'no route was read' };
  },
};

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
