/** Routes that nobody changes must be served as before, whatever happens to etcd and the watch. */
import { faultAt, pointer, startOf, turnsAt } from '../history.ts';
import { faultWords } from './fault-words.ts';
import type { Oracle } from './oracle.ts';

export const serveLastGood: Oracle = {
  breaks: 'stops serving configuration that nobody changed',
  counted: (count, during) =>
    count === '1'
      ? `1 request to a settled route was answered wrongly ${faultWords(during)}`
      : `${count} requests to settled routes were answered wrongly ${faultWords(during)}`,
  check(trial) {
    const { history } = trial;
    const baseline = startOf(history, 'baseline');
    if (baseline === undefined) return { state: 'cannot-tell', why: 'the baseline never started' };
    const wrong = history.flatMap((o, index) =>
      o.kind === 'wrong-answer' && o.atMs >= baseline ? [{ o, index }] : [],
    );
    if (wrong.length === 0) {
      const sent = history.reduce((sum, o) => (o.kind === 'load' && o.atMs >= baseline ? sum + o.sent : sum), 0);
      return sent > 0 ? { state: 'held' } : { state: 'cannot-tell', why: 'no load was sent since the baseline' };
    }
    const moments = wrong.map(({ o }) => o.atMs);
    const kinds = new Set(moments.map((atMs) => faultAt(history, atMs)));
    const [during] = kinds;
    return {
      state: 'breached',
      count: wrong.length,
      ...(kinds.size === 1 && during !== undefined ? { during, turns: turnsAt(history, moments) } : {}),
      pointers: wrong.map(({ o, index }) =>
        pointer(trial, index, `${o.route} answered ${o.status}, expected sequence ${o.expected}`),
      ),
    };
  },
};
