/** Flagger's metric checks with the values of its documentation. */
import { againstLimit } from './fixed-limits.ts';
import { strictest, type Rival } from './rival.ts';

/** `threshold` of the documentation's example: failed checks before the rollback. */
const threshold = 5;

export const flagger: Rival = {
  name: 'flagger',
  rule: `a check a second: at least 99 % served, p99 at most 500 ms; ${threshold} failed checks roll back`,
  classify: (pair) => againstLimit(pair, threshold),
  overall: strictest,
};
