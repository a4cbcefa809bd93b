/** What goes wrong in finding the route of a request: an explicit list, one file each. */
import { pathJoin } from './path-join.ts';
import { priorityByRuleLength } from './priority-by-rule-length.ts';
import { priorityLost } from './priority-lost.ts';
import { rebuildOnRequestPath } from './rebuild-on-request-path.ts';
import { regexDotNewline } from './regex-dot-newline.ts';
import { regexEngineSwap } from './regex-engine-swap.ts';
import { rewriteSemantics } from './rewrite-semantics.ts';
import { routerFlavourDefault } from './router-flavour-default.ts';
import { routerRebuildPerEvent } from './router-rebuild-per-event.ts';
import { routerSortPerInsert } from './router-sort-per-insert.ts';
import { trailingSlashStrict } from './trailing-slash-strict.ts';
import type { Mutant } from '../mutant.ts';

export const routerMutants: readonly Mutant[] = [
  pathJoin,
  priorityByRuleLength,
  priorityLost,
  rebuildOnRequestPath,
  regexDotNewline,
  regexEngineSwap,
  rewriteSemantics,
  routerFlavourDefault,
  routerRebuildPerEvent,
  routerSortPerInsert,
  trailingSlashStrict,
];
