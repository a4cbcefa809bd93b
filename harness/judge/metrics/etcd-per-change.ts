/** What the gateway asks of etcd for each config change of the writer, by the counters of the etcd link. */
import { samples } from '../../model/samples.ts';
import { growth, sampled } from '../sampled.ts';
import { writeOperations } from '../write-operations.ts';
import { loadSpan } from './fault-window.ts';
import { exactly, noData, type MetricDefinition } from './metric.ts';

/**
 * y = ln((count + ½) / changes) over the span of the load since the fault began. Changes by others, such as a flood, are
 * in the count and not in the divisor: they are the same for every arm of a block.
 */
function perChange(noun: string, unit: 'requests' | 'KiB', sample: string, of: number): MetricDefinition {
  return {
    noun,
    unit,
    // Not measured yet.
    trialSd: 0.2,
    constants: {},
    record: 'history.ndjson',
    measure({ history }) {
      const span = loadSpan(history);
      if (span === undefined) return noData('no load was recorded since the fault began');
      const changes = writeOperations(history).filter(
        ({ outcome, invokedAtMs }) => outcome === 'ok' && invokedAtMs >= span.fromMs && invokedAtMs <= span.toMs,
      ).length;
      if (changes === 0) return noData('no config write was acknowledged since the fault began');
      const count = growth(sampled(history, sample), span);
      if (count === undefined || !(count >= 0)) return noData('the counters of the etcd link were not sampled');
      return exactly(Math.log((count + 0.5) / changes), count / changes / of);
    },
  };
}

export const etcdRequestsPerChange: MetricDefinition = perChange(
  'number of requests to etcd per config change',
  'requests',
  samples.etcdRequests,
  1,
);

export const etcdBytesPerChange: MetricDefinition = perChange(
  'amount read from etcd per config change',
  'KiB',
  samples.etcdBytes,
  1_024,
);
