/** What goes wrong in the life of a worker: an explicit list, one file each. */
import { metricsScrapeBlocksLoop } from './metrics-scrape-blocks-loop.ts';
import { perApplyLeak } from './per-apply-leak.ts';
import { reloadDropsInflight } from './reload-drops-inflight.ts';
import { servesEmptyTable } from './serves-empty-table.ts';
import { timerClosureLeak } from './timer-closure-leak.ts';
import type { Mutant } from '../mutant.ts';

export const processMutants: readonly Mutant[] = [
  metricsScrapeBlocksLoop,
  perApplyLeak,
  reloadDropsInflight,
  servesEmptyTable,
  timerClosureLeak,
];
