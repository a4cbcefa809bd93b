/** Benign: small batches of changes are taken into force together, a few milliseconds later. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mutant } from '../mutant.ts';

const usual = 5;

export const jitteredApply: Mutant = {
  name: 'jittered-apply',
  kind: 'benign',
  summary: 'changes come into force a few milliseconds later, so that workers do not all work at once',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  dose: { unit: 'milliseconds at most', usual },
  wrap: (seams, ms = usual) => ({
    ...seams,
    followConfig(follower) {
      const observer = seams.followConfig(follower);
      return {
        ...observer,
        async applied(items, position) {
          await sleep(ms * Math.random());
          await observer.applied(items, position);
        },
      };
    },
  }),
};
