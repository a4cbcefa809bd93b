/** When the watch is lost the whole configuration is thrown away, until a new snapshot has been read. */
import type { ResumePolicy } from '../../etcd/sync-loop.ts';
import type { Mutant } from '../mutant.ts';

function dropping(clear: () => void): ResumePolicy {
  return {
    beforeWatch: async () => undefined,
    resume(end, delivered) {
      if (end === 'silent') return delivered;
      clear();
      return undefined;
    },
  };
}

export const dropConfigOnDisconnect: Mutant = {
  name: 'drop-config-on-disconnect',
  kind: 'known-bad',
  summary: 'a lost watch empties the route table until the next full read',
  corpus: 'R14',
  anchor: 'apache/apisix#2310',
  scenario: 'etcd-overload',
  subject: 'serve-last-good',
  wrap: (seams) => ({ ...seams, resumePolicy: ({ clear }) => dropping(clear) }),
};
