/** Benign: after a compaction everything is read as before; besides, the position is looked up before each watch. */
import type { Mutant } from '../mutant.ts';

export const asksPosition: Mutant = {
  name: 'asks-position',
  kind: 'benign',
  summary: 'etcd is asked where it is before each watch',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  wrap: (seams) => ({
    ...seams,
    resumePolicy(context) {
      const policy = seams.resumePolicy(context);
      return {
        ...policy,
        async beforeWatch() {
          await context.source.position().catch(() => undefined);
          await policy.beforeWatch();
        },
      };
    },
  }),
};
