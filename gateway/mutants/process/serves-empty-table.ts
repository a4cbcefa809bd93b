/** A worker listens before it has read its configuration. */
import type { Mutant } from '../mutant.ts';

export const servesEmptyTable: Mutant = {
  name: 'serves-empty-table',
  kind: 'known-bad',
  summary: 'a worker that starts answers 404 until its first read of etcd',
  corpus: 'R35',
  anchor: 'Kong/kong#4055',
  scenario: 'worker-killed',
  subject: 'serve-last-good',
  wrap: (seams) => ({
    ...seams,
    followConfig(follower) {
      follower.synced();
      return seams.followConfig(follower);
    },
  }),
};
