/** Samples what the gateway uses, what it asks of etcd, and what the host gives, for as long as a trial is driven. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../model/history.ts';
import type { EtcdLink, PassedCounters } from '../model/etcd-link.ts';
import { samples } from '../model/samples.ts';
import { hostTime } from './host-time.ts';
import { childrenOf, isSeen, openFilesOf, usageOf } from './processes.ts';

/** A metric reads between two samples, so they need not fall on the edges of its window. Milliseconds. */
const everyMs = 500;

export interface Watched {
  /** Leader of the gateway's processes. */
  readonly pid: number;
  readonly link: EtcdLink;
}

/** Samples until `signal`, and once more then. What cannot be read leaves no sample. */
export async function watchResources(watched: Watched, recorder: Recorder, signal: AbortSignal): Promise<void> {
  const ended = countEnded(watched);
  for (;;) {
    await sample(watched, recorder);
    const value = ended();
    if (value !== undefined) recorder.record({ kind: 'sample', metric: samples.endedWorkers, value });
    if (signal.aborted) return;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * How many processes have ended so far that were there at a look before: each call is a look. Undefined while their leader cannot
 * be seen: none that ends could be told.
 */
function countEnded({ pid }: Watched): () => number | undefined {
  let there: ReadonlySet<number> = new Set();
  let ended = 0;
  return () => {
    if (!isSeen(pid)) return undefined;
    const now = new Set(childrenOf(pid));
    ended += there.difference(now).size;
    there = now;
    return ended;
  };
}

async function sample({ pid, link }: Watched, recorder: Recorder): Promise<void> {
  const note = (metric: string, value: number | undefined): void => {
    if (value !== undefined) recorder.record({ kind: 'sample', metric, value: Math.round(value * 1_000) / 1_000 });
  };
  const usage = usageOf(pid);
  note(samples.gatewayCpu, usage?.cpuSeconds);
  note(samples.gatewayRss, usage?.rssBytes);
  note(samples.openFiles, openFilesOf(pid));
  const host = hostTime();
  note(samples.hostTime, host?.total);
  note(samples.hostStolen, host?.stolen);
  note(samples.hostThrottled, host?.throttled);
  note(samples.clockOffset, Date.now() - performance.now());
  // A link that is gone ends the trial elsewhere, with its own words.
  const counters = await link.counters().catch(() => undefined);
  if (counters === undefined) return;
  const both = [counters.grpc, counters.json];
  note(
    samples.etcdRequests,
    sum(both, ({ unaryCalls, watchesCreated }) => unaryCalls + watchesCreated),
  );
  note(
    samples.etcdBytes,
    sum(both, ({ rangeBytes, watchBytes }) => rangeBytes + watchBytes),
  );
}

function sum(both: readonly PassedCounters[], of: (counters: PassedCounters) => number): number {
  return both.reduce((total, counters) => total + of(counters), 0);
}
