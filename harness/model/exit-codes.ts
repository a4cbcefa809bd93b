/** Every exit code of the program. */
import type { Decision } from './verdict.ts';

export const exitCode = {
  safe: 0,
  regression: 1,
  undecided: 2,
  usage: 3,
  broken: 4,
  knownWeakness: 5,
  interrupted: 130,
} as const;

export function exitCodeOf(decision: Decision): number {
  switch (decision) {
    case 'safe':
      return exitCode.safe;
    case 'regression':
      return exitCode.regression;
    case 'inconclusive':
    case 'invalid':
    case 'skipped':
      return exitCode.undecided;
    case 'known-weakness':
      return exitCode.knownWeakness;
  }
}
