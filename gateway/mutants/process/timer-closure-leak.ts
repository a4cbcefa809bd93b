/** Each round of the synchronisation leaves a timer behind, and the timer what it has seen. */
import type { Mutant } from '../mutant.ts';

const usual = 100;

export const timerClosureLeak: Mutant = {
  name: 'timer-closure-leak',
  kind: 'known-bad',
  summary: 'memory grows with each change of the configuration',
  corpus: 'R83',
  anchor: 'apache/apisix#10614, apache/apisix#11901',
  scenario: 'churn-soak',
  subject: 'rss-slope',
  dose: { unit: 'KiB for each change', usual },
  wrap: (seams, kib = usual) => ({
    ...seams,
    followConfig(follower) {
      const observer = seams.followConfig(follower);
      return {
        ...observer,
        async applied(items, position) {
          await observer.applied(items, position);
          const seen = Buffer.alloc(kib * 1_024 * items.length, 1);
          setInterval(() => void seen.length, 60_000).unref();
        },
      };
    },
  }),
};
