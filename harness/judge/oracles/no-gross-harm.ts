/** No gateway may lose requests on such a scale that nothing more needs to be known of it. */
import { startOf, pointer } from '../history.ts';
import { harmAlpha, isGrossHarm, tolerable } from '../streams/gross-harm.ts';
import { percent } from '../words.ts';
import type { Oracle } from './oracle.ts';

/** What ended the trial is not believed but decided again, from the counts that were recorded then. */
export const noGrossHarm: Oracle = {
  breaks: 'loses requests on a scale at which the trial was ended',
  counted: (count) =>
    `${count} requests were not answered rightly when it was certain (at ${harmAlpha}) that they are more than ` +
    `${percent(tolerable)} of all`,
  check(trial) {
    const index = trial.history.findIndex(({ kind }) => kind === 'gross-harm');
    const stopped = trial.history[index];
    if (stopped?.kind === 'gross-harm') {
      const { bad, good } = stopped;
      if (!isGrossHarm({ bad, good }))
        return { state: 'cannot-tell', why: `${bad} bad of ${bad + good} is no gross harm` };
      const text = `${bad} of ${bad + good} requests were not answered rightly, and the trial was ended`;
      return { state: 'breached', count: bad, pointers: [pointer(trial, index, text)] };
    }
    if (startOf(trial.history, 'final-reads') === undefined)
      return { state: 'cannot-tell', why: 'the trial ended early for another reason' };
    const sent = trial.history.reduce((sum, o) => (o.kind === 'load' ? sum + o.sent : sum), 0);
    return sent > 0 ? { state: 'held' } : { state: 'cannot-tell', why: 'no load was sent' };
  },
};
