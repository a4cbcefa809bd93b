/** A full read that fails is tried again at once, by every worker, for as long as etcd is in trouble. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mutant } from '../mutant.ts';
import { withSource } from './with-source.ts';

export const retryStormNoBackoff: Mutant = {
  name: 'retry-storm-no-backoff',
  kind: 'known-bad',
  summary: 'reads that etcd refuses are repeated without a pause',
  corpus: 'R26',
  anchor: 'apache/apisix#2899, api7/lua-resty-etcd#101',
  scenario: 'etcd-errors',
  subject: 'bounded-pressure',
  wrap: (seams) =>
    withSource(seams, (source) => ({
      async snapshot() {
        for (;;) {
          try {
            return await source.snapshot();
          } catch {
            await nextTurn();
          }
        }
      },
    })),
};
