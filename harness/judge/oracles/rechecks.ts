/** What workers showed of changes that all of them had shown before. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { History } from '../../model/history.ts';
import { recheckedSample } from '../../model/rechecks.ts';
import { type Of, pointer } from '../history.ts';
import { routeStates } from '../write-operations.ts';
import type { Oracle, Outcome } from './oracle.ts';

interface WentBack {
  readonly read: Of<'read'>;
  readonly index: number;
}

/** An oracle of the reads that went back, of one sort. */
export function rechecking(
  words: Pick<Oracle, 'breaks' | 'counted'>,
  mine: (read: Of<'read'>) => boolean,
  text: (read: Of<'read'>) => string,
): Oracle {
  return {
    ...words,
    check(trial): Outcome {
      const wrong = wentBack(trial.history).filter(({ read }) => mine(read));
      if (wrong.length === 0) return heldIfLooked(trial);
      const pointers = wrong.map(({ read, index }) => pointer(trial, index, text(read)));
      return { state: 'breached', count: new Set(wrong.map(({ read }) => read.route)).size, pointers };
    },
  };
}

/** They are read against the state that every worker had shown; only a write of unknown outcome may have changed it. */
function wentBack(history: History): readonly WentBack[] {
  const states = routeStates(history);
  return history.flatMap((read, index) => {
    if (read.kind !== 'read' || read.purpose !== 'again' || read.got === 'error') return [];
    const { got, expected, route } = read;
    const perhaps = states.get(route)?.perhaps.includes(got) ?? false;
    return got === expected || perhaps ? [] : [{ read, index }];
  });
}

function heldIfLooked({ history }: TrialEvidence): Outcome {
  const looked = history.some((o) => o.kind === 'sample' && o.metric === recheckedSample && o.value > 0);
  return looked ? { state: 'held' } : { state: 'cannot-tell', why: 'no change was looked at again' };
}
