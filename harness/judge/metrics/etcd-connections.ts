/** How many connections a gateway opens to etcd in a trial, by the counter of the etcd link. */
import { pressureSample } from '../../model/pressure.ts';
import { sampled } from '../sampled.ts';
import { exactly, noData, type MetricDefinition } from './metric.ts';

/** y = ln(count + ½): a build that cannot connect has none. */
export const etcdConnections: MetricDefinition = {
  noun: 'number of connections opened to etcd',
  unit: 'connections',
  // Not measured yet.
  trialSd: 0.2,
  constants: {},
  record: 'history.ndjson',
  measure({ history }) {
    const count = sampled(history, pressureSample('connections')).at(-1)?.value;
    if (count === undefined || !(count >= 0)) return noData('the etcd link did not say how many connections came');
    return exactly(Math.log(count + 0.5), count);
  },
};
