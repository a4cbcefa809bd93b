/** No build may press etcd far harder than the others do on the same day: they share it with a whole fleet. */
import type { TrialEvidence } from '../../model/evidence.ts';
import { pressure, pressureSample } from '../../model/pressure.ts';
import { pointer } from '../history.ts';
import type { Oracle } from './oracle.ts';

/** Retries are timed by chance: below this factor of what the busier of the others asked, and this many more, is usual. */
export const factor = 2;
export const slack = 4;

interface Counted {
  readonly value: number;
  readonly index: number;
}

export const boundedPressure: Oracle = {
  compares: true,
  constants: { 'bounded-pressure.factor': factor, 'bounded-pressure.slack': slack },
  breaks: 'asks far more of etcd than the other arms',
  counted: (count) =>
    `${count} ${count === '1' ? 'kind of request came' : 'kinds of request came'} more than twice as often`,
  check(trial, _scenario, peers) {
    if (peers.length === 0) return { state: 'cannot-tell', why: 'there is no other arm to compare with' };
    const over = Object.keys(pressure).flatMap((what) => {
      const own = countOf(trial, what);
      const most = Math.max(...peers.map((peer) => countOf(peer, what).value));
      return own.value > factor * most + slack ? [{ what, own, most }] : [];
    });
    if (over.length === 0) return { state: 'held' };
    const pointers = over.map(({ what, own, most }) =>
      pointer(trial, own.index, `${own.value} ${what} at etcd, the others at most ${most}`),
    );
    return { state: 'breached', count: over.length, pointers };
  },
};

/** Throws where it was not sampled: then nothing can be told. */
function countOf({ history }: TrialEvidence, what: string): Counted {
  const metric = pressureSample(what);
  const index = history.findLastIndex((o) => o.kind === 'sample' && o.metric === metric);
  const sample = history[index];
  if (sample?.kind !== 'sample') throw new Error(`there is no sample "${metric}"`);
  return { value: sample.value, index };
}
