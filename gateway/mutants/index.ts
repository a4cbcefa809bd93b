/** The variants that this checkout can be run as: an explicit list, one file each. */
import { accessLog } from './access-log.ts';
import { doses } from './doses.ts';
import { dropConfigOnDisconnect } from './drop-config-on-disconnect.ts';
import type { Mutant } from './mutant.ts';
import { routerSortPerInsert } from './router-sort-per-insert.ts';
import { watchAdvanceOnTimeout } from './watch-advance-on-timeout.ts';

export const mutants: readonly Mutant[] = [
  watchAdvanceOnTimeout,
  dropConfigOnDisconnect,
  routerSortPerInsert,
  accessLog,
  ...doses,
];

export const mutantNames: readonly string[] = mutants.map(({ name }) => name);
