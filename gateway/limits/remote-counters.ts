/** A worker's way to the counts, which live in the master. */
import type { Caller } from '../workers/calls.ts';
import type { BucketLevel, Counters, WindowCount } from './counters.ts';

/** A master that has not answered by then is not waited for. Milliseconds. */
const withinMs = 1_000;

/** Rejects when the master does not answer. */
export function remoteCounters(master: Caller): Counters {
  return {
    window: (order) => master.call('window', order, withinMs) as Promise<WindowCount>,
    bucket: (order) => master.call('bucket', order, withinMs) as Promise<BucketLevel>,
  };
}
