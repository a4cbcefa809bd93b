/** From evidence to what a rival would have been fed. */
import type { Metric } from '../../../scenarios/scenario.ts';
import type { TrialEvidence } from '../../model/evidence.ts';
import { startOf, type Of } from '../history.ts';
import { measure } from '../metrics/index.ts';
import type { Recorded } from './rival.ts';

/** The same metric over several trials of one build. */
export function recorded(metric: Metric, trials: readonly TrialEvidence[]): Recorded {
  const numbers = trials.flatMap((trial) => {
    const measured = measure(metric, trial);
    return measured.state === 'measured' ? [measured.value] : [];
  });
  const series = trials.flatMap((trial) => pointsOf(metric, trial) ?? []);
  return { points: series.length > 0 ? series : numbers, trials: numbers };
}

/** Undefined for a metric that exists once a trial only. */
function pointsOf(metric: Metric, { history }: TrialEvidence): readonly number[] | undefined {
  const from = startOf(history, 'fault') ?? Infinity;
  const seconds = history.filter((o): o is Of<'load'> => o.kind === 'load' && o.atMs >= from);
  if (metric === 'latency-p50') return seconds.filter(({ ok }) => ok > 0).map(({ p50Ms }) => p50Ms);
  if (metric === 'latency-p99') return seconds.filter(({ ok }) => ok > 0).map(({ p99Ms }) => p99Ms);
  if (metric === 'error-share')
    return seconds.flatMap(({ ok, errors }) => {
      const wrong = Object.values(errors).reduce((sum, count) => sum + count, 0);
      return ok + wrong === 0 ? [] : [wrong / (ok + wrong)];
    });
  if (metric === 'write-visible-delay')
    return history.flatMap((o) => (o.kind === 'visible' && o.atMs - o.delayMs >= from ? [o.delayMs] : []));
  return undefined;
}
