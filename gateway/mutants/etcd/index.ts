/** What goes wrong between etcd and the store: an explicit list, one file each. */
import { compactionEmptiesStore } from './compaction-empties-store.ts';
import { connPerResourcePerWorker } from './conn-per-resource-per-worker.ts';
import { deleteEventsLost } from './delete-events-lost.ts';
import { dropConfigOnDisconnect } from './drop-config-on-disconnect.ts';
import { dropConfigOnError } from './drop-config-on-error.ts';
import { fullReadPerWatchEnd } from './full-read-per-watch-end.ts';
import { lowerRevisionIgnored } from './lower-revision-ignored.ts';
import { noRevisionProgress } from './no-revision-progress.ts';
import { prefixMatchAsRegex } from './prefix-match-as-regex.ts';
import { resyncLoopOnLowerRevision } from './resync-loop-on-lower-revision.ts';
import { retryImmediatelyOn429 } from './retry-immediately-on-429.ts';
import { retryStormNoBackoff } from './retry-storm-no-backoff.ts';
import { staleSnapshotOnWorkerRespawn } from './stale-snapshot-on-worker-respawn.ts';
import { starveWatch } from './starve-watch.ts';
import { trustsHeaderRevision } from './trusts-header-revision.ts';
import { watchAdvanceOnTimeout } from './watch-advance-on-timeout.ts';
import { watchCancelCrash } from './watch-cancel-crash.ts';
import { watchDiesOnce } from './watch-dies-once.ts';
import { watchTimeoutMarksUnhealthy } from './watch-timeout-marks-unhealthy.ts';
import { writeOnWatch } from './write-on-watch.ts';
import type { Mutant } from '../mutant.ts';

export const etcdMutants: readonly Mutant[] = [
  compactionEmptiesStore,
  connPerResourcePerWorker,
  deleteEventsLost,
  dropConfigOnDisconnect,
  dropConfigOnError,
  fullReadPerWatchEnd,
  lowerRevisionIgnored,
  noRevisionProgress,
  prefixMatchAsRegex,
  resyncLoopOnLowerRevision,
  retryImmediatelyOn429,
  retryStormNoBackoff,
  staleSnapshotOnWorkerRespawn,
  starveWatch,
  trustsHeaderRevision,
  watchAdvanceOnTimeout,
  watchCancelCrash,
  watchDiesOnce,
  watchTimeoutMarksUnhealthy,
  writeOnWatch,
];
