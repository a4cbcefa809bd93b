/** What goes wrong towards upstreams: an explicit list, one file each. */
import { healthcheckLeak } from './healthcheck-leak.ts';
import { healthcheckLockOrphan } from './healthcheck-lock-orphan.ts';
import { healthcheckRebuildWindow } from './healthcheck-rebuild-window.ts';
import { keepaliveDisabled } from './keepalive-disabled.ts';
import { keepalivePoolKeyMissingScheme } from './keepalive-pool-key-missing-scheme.ts';
import { noRetryOnStaleConn } from './no-retry-on-stale-conn.ts';
import { retryPost } from './retry-post.ts';
import type { Mutant } from '../mutant.ts';

export const upstreamMutants: readonly Mutant[] = [
  healthcheckLeak,
  healthcheckLockOrphan,
  healthcheckRebuildWindow,
  keepaliveDisabled,
  keepalivePoolKeyMissingScheme,
  noRetryOnStaleConn,
  retryPost,
];
