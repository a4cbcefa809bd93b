/** A gateway answers to the end with all of its workers, and none of its processes ends that nobody has ended. */
import type { Scenario } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { samples } from '../../model/samples.ts';
import { partsOf, pointer } from '../history.ts';
import { type LastRead, lastReads } from './last-reads.ts';
import type { Oracle } from './oracle.ts';

/** Faults of the gateway's own processes that end none of them. */
const endsNothing: ReadonlySet<string> = new Set([
  'gateway.pause',
  'gateway.cpu',
  'gateway.scale-out',
  'gateway.scrape',
]);

/** That it did not come up at all, or died as a whole, leaves no trial to ask: see `down.ts`. */
export const staysUp: Oracle = {
  breaks: 'does not stay up',
  counted: (count) => `${count} of its processes ended by themselves, or did not answer at the end`,
  check(trial, scenario, peers) {
    const { history } = trial;
    const parts = partsOf(history);
    const silent = parts.flatMap((part) => silentWorkers(lastReads(part.history, ['final'], part.since)));
    const ended = endedByThemselves(trial, scenario);
    // Some products replace processes as they please: only one that does so alone is told.
    const alone = peers.length > 0 && peers.every((peer) => endedByThemselves(peer, scenario).count === 0);
    const pointers = [
      ...silent.map(({ read, index }) =>
        pointer(trial, index, `worker ${read.worker} gave no answer to any of the final reads`),
      ),
      ...(alone && ended.count > 0
        ? [pointer(trial, ended.index, `${ended.count} processes of the gateway ended by themselves`)]
        : []),
    ];
    if (pointers.length > 0) return { state: 'breached', count: silent.length + (alone ? ended.count : 0), pointers };
    const read = history.some((o) => o.kind === 'read' && o.purpose === 'final' && o.got !== 'error');
    return read ? { state: 'held' } : { state: 'cannot-tell', why: 'no final read was answered' };
  },
};

/** The first of the last reads of each worker that answered none of them. */
function silentWorkers(reads: readonly LastRead[]): readonly LastRead[] {
  const byWorker = Map.groupBy(reads, ({ read }) => read.worker);
  return [...byWorker.values()].flatMap((own) => {
    const [first] = own;
    return first !== undefined && own.every(({ read }) => read.got === 'error') ? [first] : [];
  });
}

interface Ended {
  readonly count: number;
  readonly index: number;
}

/** None, where the timeline ends some, and where it was not counted. */
function endedByThemselves({ history }: TrialEvidence, { timeline }: Scenario): Ended {
  const index = history.findLastIndex((o) => o.kind === 'sample' && o.metric === samples.endedWorkers);
  const sample = history[index];
  const ends = timeline.some(({ fault: { kind } }) => kind.startsWith('gateway.') && !endsNothing.has(kind));
  return { count: sample?.kind === 'sample' && !ends ? sample.value : 0, index };
}
