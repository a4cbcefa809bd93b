/** Argo Rollouts' analysis with the same limits and its default `failureLimit` of 0. */
import { againstLimit } from './fixed-limits.ts';
import { strictest, type Rival } from './rival.ts';

const failureLimit = 0;

export const argo: Rival = {
  name: 'argo',
  rule: `a measurement a second: at least 99 % served, p99 at most 500 ms; more than ${failureLimit} failures fail`,
  classify: (pair) => againstLimit(pair, failureLimit + 1),
  overall: strictest,
};
