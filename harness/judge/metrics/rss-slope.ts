/** How much memory the gateway keeps for each config change: against work done, not against time. */
import { samples } from '../../model/samples.ts';
import { startOf } from '../history.ts';
import { sampled } from '../sampled.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { writeOperations } from '../write-operations.ts';
import { exactly, noData, noPower, type MetricDefinition } from './metric.ts';

/** Over fewer changes a slope is that of the heap between two collections. */
const leastChanges = 200;
/** MiB per 1000 changes; a smaller slope, and one that falls, is none. */
const floorMiB = 1;
const perChanges = 1_000;
const bytesPerMiB = 1_048_576;

/** y = ln of the Theil–Sen slope of resident memory over acknowledged changes, per 1000 of these, from a floor on. */
export const rssSlope: MetricDefinition = {
  noun: 'growth of the resident memory per 1000 config changes',
  unit: 'MiB',
  // Not measured yet.
  trialSd: 0.5,
  constants: { 'rss-slope.leastChanges': leastChanges, 'rss-slope.floorMiB': floorMiB },
  record: 'history.ndjson',
  measure({ history }) {
    const from = startOf(history, 'baseline');
    if (from === undefined) return noData('the baseline never started');
    const acknowledged = writeOperations(history)
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ index }) => history[index]?.atMs ?? Number.NaN)
      .toSorted((a, b) => a - b);
    if (acknowledged.length < leastChanges)
      return noPower(`${acknowledged.length} config changes, of ${leastChanges} that a slope needs`);
    const memory = sampled(history, samples.gatewayRss).filter(({ atMs }) => atMs >= from);
    const points = memory.map(({ atMs, value }) => ({ x: acknowledged.filter((at) => at <= atMs).length, y: value }));
    const slope = theilSen(points);
    if (slope === undefined || !Number.isFinite(slope)) return noData('the resident memory was not sampled');
    const value = Math.max(floorMiB, (slope * perChanges) / bytesPerMiB);
    return exactly(Math.log(value), value);
  },
};
