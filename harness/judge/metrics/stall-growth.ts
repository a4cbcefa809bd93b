/** How the longest stall of applying a change grows with the route table: the stall exponent, from a trial in which it grows. */
import { median } from 'simple-statistics';
import { type StallsOfSize, stallsBySize } from '../../model/stalls.ts';
import { theilSen } from '../statistics/theil-sen.ts';
import { exactly, noData, noPower, type MetricDefinition } from './metric.ts';

/** A slope needs so many sizes, */
const leastSizes = 3;
/** of which the largest is so many times the smallest, */
const leastSpread = 4;
/** and of each so many seconds; one that was seen for less is left out. */
const leastSeconds = 3;
/** Milliseconds. Every host holds a process up for so long now and then, whatever it does. */
const floorMs = 5;

/**
 * y = b·ln 2, b being the Theil–Sen slope of ln stall over ln routes: the stall exponent, 0 of a table that is changed in
 * place, 1 of one that is rebuilt for each change. The stall of a size is the median over its seconds of the longest latency
 * in a second. The value is 2^b, what twice the routes do to the stall: so a tolerance is a ratio, as for other metrics.
 */
export const stallGrowth: MetricDefinition = {
  noun: 'growth of the longest stall with each doubling of the route table',
  unit: 'times',
  // Not measured yet.
  trialSd: 0.2,
  constants: {
    'stall-growth.leastSizes': leastSizes,
    'stall-growth.leastSpread': leastSpread,
    'stall-growth.leastSeconds': leastSeconds,
    'stall-growth.floorMs': floorMs,
  },
  record: 'history.ndjson',
  measure({ history }) {
    const all = stallsBySize(history);
    if (all.length === 0) return noData('no longest latency of a second with a known size of the table was recorded');
    if (!all.every(isSound)) return noData('a size of the table or a longest latency is not a number');
    const sizes = all.filter(({ longestMs }) => longestMs.length >= leastSeconds);
    const [smallest, largest] = [sizes[0]?.routes ?? 0, sizes.at(-1)?.routes ?? 0];
    if (sizes.length < leastSizes)
      return noPower(`${sizes.length} sizes of the table for ${leastSeconds} s each, of ${leastSizes} needed`);
    if (largest < leastSpread * smallest)
      return noPower(`${smallest} to ${largest} routes, and ${leastSpread} times as many are needed`);
    const slope = theilSen(sizes.map(({ routes, longestMs }) => ({ x: Math.log(routes), y: stallOf(longestMs) })));
    return slope === undefined ? noData('the table had one size') : exactly(slope * Math.LN2, 2 ** slope);
  },
};

function isSound({ routes, longestMs }: StallsOfSize): boolean {
  return routes > 0 && Number.isFinite(routes) && longestMs.every((each) => Number.isFinite(each) && each >= 0);
}

function stallOf(longestMs: readonly number[]): number {
  return Math.log(Math.max(floorMs, median([...longestMs])));
}
