/** Whatever ends a watch, everything is read again. */
import type { Mutant } from '../mutant.ts';

export const fullReadPerWatchEnd: Mutant = {
  name: 'full-read-per-watch-end',
  kind: 'known-bad',
  summary: 'each watch that ends is followed by a full read of the prefix',
  corpus: 'R83',
  anchor: 'apache/apisix#10671',
  scenario: 'watch-cut',
  subject: 'bounded-pressure',
  wrap: (seams) => ({
    ...seams,
    resumePolicy: () => ({ beforeWatch: async () => undefined, resume: () => undefined }),
  }),
};
